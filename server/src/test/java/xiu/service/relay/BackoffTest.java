package xiu.service.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void delaysDoubleFromOneToThirtySeconds() {
        Backoff backoff = new Backoff(() -> 1.0);
        long[] delays = new long[8];
        for (int i = 0; i < delays.length; i++) {
            delays[i] = backoff.after(0);
        }
        assertThat(delays).containsExactly(1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000);
    }

    @Test
    void jitterTakesAwayAQuarterAtMost() {
        assertThat(new Backoff(() -> 0.0).after(0)).isEqualTo(750);
    }

    @Test
    void aHealthyRunIsFollowedUpAtOnceAndStartsOver() {
        Backoff backoff = new Backoff(() -> 1.0);
        backoff.after(0);
        backoff.after(0);
        assertThat(backoff.after(5_000)).isZero();
        assertThat(backoff.after(0)).isEqualTo(1_000);
    }
}
