package xiu.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

    @ParameterizedTest
    @CsvSource({
        "/{app...}/{name}.flv, live|test.flv, true",
        "/{app...}/{name}.flv, live|room|test.flv, true",
        "/{app...}/{name}.flv, test.flv, false",
        "/{app...}/{name}.flv, live|.flv, false",
        "/{app...}/{name}.flv, live|test.FLV, false",
        "/{app...}/{name}.flv, live|test.flv|, false",
        "/{app...}/{stream}/{file}.m3u8, live|test|test.m3u8, true",
        "/{app...}/{stream}/{file}.m3u8, live|test.m3u8, false",
        "/api/v{version}/streams, api|v1|streams, true",
        "/api/v{version}/streams, api|v|streams, false",
        "/api/streams, api|streams, true",
        "/api/streams, api, false",
        "/{id}, x, true",
    })
    void levelsMatchExactly(String pattern, String path, boolean matches) {
        assertThat(PathPattern.of(pattern).matches(List.of(path.split("\\|", -1))))
                .isEqualTo(matches);
    }

    @Test
    void variablesAreCutOutOfTheirLevels() {
        PathPattern pattern = PathPattern.of("/{app...}/{stream}/{file}.m3u8");
        List<String> path = List.of("live", "room1", "test", "a.b.m3u8");
        assertThat(pattern.variable("app", path)).isEqualTo("live/room1");
        assertThat(pattern.variable("stream", path)).isEqualTo("test");
        assertThat(pattern.variable("file", path)).isEqualTo("a.b");
        assertThatThrownBy(() -> pattern.variable("other", path)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "live", "/a//b", "/{}", "/{a", "/a}", "/{a}{b}", "/x/{app...}"})
    void aBadPatternIsOurOwnMistakeAndSaysSo(String pattern) {
        assertThatThrownBy(() -> PathPattern.of(pattern)).isInstanceOf(IllegalArgumentException.class);
    }
}
