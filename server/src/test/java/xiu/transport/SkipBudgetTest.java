package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SkipBudgetTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void comesBackAfterAMinute() {
        SkipBudget budget = new SkipBudget(2);
        long start = Long.MIN_VALUE + 7; // the clock may start anywhere
        assertThat(budget.spend(start)).isTrue();
        assertThat(budget.spend(start + 30 * SECOND)).isTrue();
        assertThat(budget.spend(start + 60 * SECOND)).isFalse();
        assertThat(budget.spend(start + 61 * SECOND)).isTrue();
    }

    @Test
    void noneMeansAnyNumber() {
        SkipBudget budget = new SkipBudget(0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(budget.spend(i)).isTrue();
        }
    }
}
