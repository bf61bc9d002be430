package xiu.protocol.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IngestRateTest {
    /** The clock may start anywhere. */
    private static final long START = Long.MIN_VALUE + 7;

    private static final int KBPS = 8;
    /** What is allowed in a window, bytes. */
    private static final long ALLOWED = 10_000;

    private final IngestRate rate = new IngestRate();

    @Test
    void aWindowMayBeUsedUpAndTheNextOneToo() {
        rate.begin(500, START);
        assertThat(rate.exceeds(KBPS, 500 + ALLOWED, START + IngestRate.WINDOW)).isFalse();
        assertThat(rate.exceeds(KBPS, 500 + 2 * ALLOWED, START + IngestRate.WINDOW + 1))
                .isFalse();
    }

    @Test
    void moreIsTooMuchHoweverSoon() {
        rate.begin(500, START);
        assertThat(rate.exceeds(KBPS, 500 + ALLOWED + 125, START + 1)).isTrue();
    }

    @Test
    void noLimitIsNeverExceeded() {
        rate.begin(0, START);
        assertThat(rate.exceeds(0, Long.MAX_VALUE / 16, START + 1)).isFalse();
    }
}
