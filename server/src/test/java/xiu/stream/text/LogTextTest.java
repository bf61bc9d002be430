package xiu.stream.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xiu.stream.relay.RelayEnd;

class LogTextTest {
    @ParameterizedTest
    @CsvSource({
        "'plain text: größe 日本 😀', 'plain text: größe 日本 😀'",
        "'x\" peer=rtmp/10.0.0.1', 'x'' peer=rtmp/10.0.0.1'",
        "'a\nb\r\tc', 'a?b??c'",
        "'\u001b[31mred\u0085', '?[31mred?'",
        "'\u202eright to left\u2028\u2066', '?right to left??'",
        "'\ud800half', '?half'",
    })
    void oneValueStaysOneValue(String said, String written) {
        assertThat(LogText.of(said, 100)).isEqualTo(written);
        assertThat(new RelayEnd(RelayEnd.Kind.REFUSED, said).message()).isEqualTo(written);
    }

    @Test
    void longTextIsCut() {
        assertThat(LogText.of("x".repeat(1_000_000), 200)).hasSize(200);
        assertThat(new RelayEnd(RelayEnd.Kind.REFUSED, "x".repeat(1_000_000)).message())
                .hasSize(300);
    }
}
