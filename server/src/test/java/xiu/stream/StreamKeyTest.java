package xiu.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamKeyTest {
    @ParameterizedTest
    @CsvSource({
        "live, test",
        "live/room1, a.b-c_d",
        "живой, поток",
        "live, \ud83d\ude00",
        "live, a b",
        "live, ...",
        "live, *"
    })
    void takesPlainNames(String app, String name) {
        assertThat(new StreamKey(app, name)).hasToString(app + "/" + name);
    }

    @Test
    void bothPartsTellStreamsApart() {
        StreamKey key = new StreamKey("live", "test");
        assertThat(key)
                .isEqualTo(new StreamKey("live", String.valueOf("test".toCharArray())))
                .hasSameHashCodeAs(new StreamKey("live", "test"))
                .isNotEqualTo(new StreamKey("other", "test"))
                .isNotEqualTo(new StreamKey("live", "other"))
                .isNotEqualTo("live/test");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a/b",
                "/",
                "a\\b",
                "a?b",
                "a#b",
                "a\0b",
                "a\nb",
                "a\rb",
                "a\u001bb",
                "a\u007f",
                "a\u009bb",
                "a\u2028b",
                "a\u2029b",
                "\ufffd",
                "\ud83d",
                "a\ude00"
            })
    void refusesNamesThatAreNotPlain(String name) {
        assertThat(refusal("live", name)).hasMessageMatching("name: '.*' \\(expected: a plain stream name\\)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "/live", "live/", "live//room", "..", "live/..", "../live", "live/./room", "li\nve"})
    void refusesAppsThatAreNotPlain(String app) {
        assertThat(refusal(app, "test")).hasMessageStartingWith("app: '");
    }

    @Test
    void countsBytesAndNotCharacters() {
        String most = "ü".repeat(127) + "x";
        assertThat(new StreamKey(most, most).name()).isEqualTo(most);
        assertThat(refusal("live", most + "x")).hasMessageStartingWith("name: 'üü");
        assertThat(refusal("a/" + most, "test")).hasMessageStartingWith("app: 'a/");
    }

    @Test
    void aRefusalIsShortAndOfOneLine() {
        assertThat(refusal("live", "\r\n".repeat(100_000)).getMessage())
                .hasSizeLessThan(100)
                .doesNotContain("\r", "\n");
    }

    private static StreamException refusal(String app, String name) {
        StreamException refused = catchThrowableOfType(StreamException.class, () -> new StreamKey(app, name));
        assertThat(refused.reason()).isEqualTo(StreamException.Reason.BAD_NAME);
        return refused;
    }
}
