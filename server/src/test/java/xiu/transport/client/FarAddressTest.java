package xiu.transport.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FarAddressTest {
    @ParameterizedTest
    @CsvSource({
        "rtmp://media_server/a/b, media_server, -1",
        "rtmp://media_server:1936/a/b, media_server, 1936",
        "rtmp://_edge.my-lan.:1936/a/b, _edge.my-lan., 1936",
        "rtmp://bücher.example/a/b, xn--bcher-kva.example, -1",
        "rtmp://例え.テスト:1/a/b, xn--r8jz45g.xn--zckzah, 1",
        "rtmp://10.0.0.1:1935/a/b, 10.0.0.1, 1935",
        "rtmp://[::1]:1935/a/b, ::1, 1935",
        "rtmp://[::1]/a/b, ::1, -1",
        "rtmp://u:p@h:1/a/b, h, 1",
        "rtmp://u:p%40q@media_server:1/a/b, media_server, 1",
        "rtmp://u:p@q@h:1/a/b, h, 1",
    })
    void findsTheHostThatIsDialled(String url, String host, int port) {
        FarAddress address = FarAddress.of(URI.create(url));
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rtmp:///a",
                "rtmp://:1935/a",
                "rtmp://h:0/a",
                "rtmp://h:65536/a",
                "rtmp://h:x/a",
                "rtmp://-h/a",
                "rtmp://h-/a",
                "rtmp://h..i/a",
                "rtmp://h,i/a",
                "rtmp://user:secret@/a",
            })
    void refusesWhatNobodyCanDial(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FarAddress.of(URI.create(url)))
                .withMessageContaining("(expected: ")
                .withMessageNotContaining("secret");
    }

    @Test
    void aNameHasALength() {
        String label = "a".repeat(63);
        assertThat(FarAddress.host(label)).isEqualTo(label);
        assertThatIllegalArgumentException().isThrownBy(() -> FarAddress.host(label + "a"));
        assertThatIllegalArgumentException().isThrownBy(() -> FarAddress.host((label + ".").repeat(4)));
    }

    @Test
    void theTextLeavesTheUserOut() {
        assertThat(FarAddress.of(URI.create("rtmp://u:secret@media_server:1/a/b")))
                .hasToString("media_server:1");
        assertThat(FarAddress.of(URI.create("rtmp://[::1]:1/a/b"))).hasToString("[::1]:1");
    }
}
