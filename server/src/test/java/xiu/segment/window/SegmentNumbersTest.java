package xiu.segment.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import xiu.stream.StreamKey;

class SegmentNumbersTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private long now = 1_800_000_000_000L;
    private final SegmentNumbers numbers = new SegmentNumbers(() -> now);

    @Test
    void laterStreamsBeginHigherAlsoAfterARestart() {
        long first = numbers.first(KEY, 0);
        now += 1000;
        assertThat(new SegmentNumbers(() -> now).first(KEY, 0)).isEqualTo(first + 5);
    }

    @Test
    void aStreamThatUsedUpItsNumbersIsRemembered() {
        long first = numbers.first(KEY, 0);
        numbers.ended(KEY, first + 100);
        now += 1000;
        assertThat(numbers.first(KEY, 0)).isEqualTo(first + 101);
        assertThat(numbers.first(new StreamKey("live", "other"), 0)).isEqualTo(first + 5);
        now += 60_000;
        assertThat(numbers.first(KEY, 0)).isEqualTo(first + 305);
    }

    @Test
    void aClockThatWasSetBackDoesNotBringNumbersBackThatAreOnDisk() {
        long first = numbers.first(KEY, 0);
        now -= 3_600_000;
        assertThat(numbers.first(KEY, first + 7)).isEqualTo(first + 7);
    }

    @Test
    void discontinuitySequencesAreSmallAndDifferAfterARestart() {
        long first = SegmentNumbers.firstDiscontinuity(numbers.first(KEY, 0));
        now += 4_000;
        assertThat(SegmentNumbers.firstDiscontinuity(numbers.first(KEY, 0))).isEqualTo(first + 1);
        now = 2_145_000_000_000L;
        assertThat(SegmentNumbers.firstDiscontinuity(numbers.first(KEY, 0))).isLessThan(1 << 16);
    }

    @Test
    void numbersFit31BitsUntil2038() {
        now = 2_145_000_000_000L;
        assertThat(numbers.first(KEY, 0)).isLessThan(Integer.MAX_VALUE);
    }
}
