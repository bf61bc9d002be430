package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import xiu.stream.Peer;

class SkipBudgetTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Peer PEER = new Peer("test-1", "rtmp", null, 0);

    @Test
    void comesBackAfterAMinute() {
        SkipBudget budget = new SkipBudget(PEER);
        long start = Long.MIN_VALUE + 7; // the clock may start anywhere
        assertThat(budget.spend(start, 2)).isTrue();
        assertThat(budget.spend(start + 30 * SECOND, 2)).isTrue();
        long skips = SkipBudget.LINES.count("limit_viewer_backlog");
        long ends = SkipBudget.LINES.count("limit_viewer_skips");
        assertThat(budget.spend(start + 60 * SECOND, 2)).isFalse();
        assertThat(SkipBudget.LINES.count("limit_viewer_backlog")).isEqualTo(skips + 1);
        assertThat(SkipBudget.LINES.count("limit_viewer_skips")).isEqualTo(ends + 1);
        assertThat(budget.spend(start + 61 * SECOND, 2)).isTrue();
    }

    @Test
    void noneMeansAnyNumber() {
        SkipBudget budget = new SkipBudget(PEER);
        for (int i = 0; i < 1_000; i++) {
            assertThat(budget.spend(i, 0)).isTrue();
        }
    }
}
