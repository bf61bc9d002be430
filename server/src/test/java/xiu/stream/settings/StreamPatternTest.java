package xiu.stream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*, live/test, true",
        "live/*, live/test, true",
        "live/*, live/a/b, true",
        "live/*, live/, true",
        "live/*, alive/test, false",
        "live/*, live, false",
        "/live/*, live/test, true",
        "*/test, live/test, true",
        "*/test, live/test2, false",
        "l*e/t*t, live/test, true",
        "l*e/t*t, live/tes, false",
        "**a**, bab, true",
        "live/test, live/test, true",
        "live/test, live/Test, false",
        "*.*, live/a.b.c, true",
        "*abab, abaabab, true"
    })
    void matches(String pattern, String path, boolean matches) {
        assertThat(StreamPattern.parse(pattern).matches(path)).isEqualTo(matches);
    }

    @Test
    void matchesLongPathsInReasonableTime() {
        StreamPattern pattern = StreamPattern.parse("*a".repeat(500) + "b");
        assertThat(pattern.matches("a".repeat(5_000))).isFalse();
    }

    @Test
    void refusesAnEmptyPattern() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamPattern.parse(""))
                .withMessage("\"\" (expected: a pattern like \"live/*\")");
    }

    @Test
    void theFirstRuleThatMatchesDecidesTheLatency() {
        StreamSettings base = StreamSettings.defaults();
        StreamSettings settings = new StreamSettings(
                base.onConflict(),
                Duration.ZERO,
                base.publishTimeout(),
                LatencyMode.LOW,
                List.of(
                        new StreamSettings.Rule(StreamPattern.parse("live/a*"), LatencyMode.LOW),
                        new StreamSettings.Rule(StreamPattern.parse("live/*"), LatencyMode.ADAPTIVE)),
                base.gopNum(),
                base.limits());
        assertThat(settings.latencyOf("live/abc")).isEqualTo(LatencyMode.LOW);
        assertThat(settings.latencyOf("live/b")).isEqualTo(LatencyMode.ADAPTIVE);
        assertThat(settings.latencyOf("other/b")).isEqualTo(LatencyMode.LOW);
    }
}
