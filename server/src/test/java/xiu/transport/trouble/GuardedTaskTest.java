package xiu.transport.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedTaskTest {
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void aPeriodicTaskThatThrowsRunsAgainAndEachTimeIsCounted() {
        long before = Faults.count("fault_test_periodic");
        Future<?> task = GuardedTask.every(1, executor, "test_periodic", () -> {
            if (runs.incrementAndGet() % 2 == 1) {
                throw new IllegalStateException("planted");
            }
            throw new OutOfMemoryError("planted");
        });
        await().until(() -> runs.get() >= 4);
        task.cancel(false);
        assertThat(Faults.count("fault_test_periodic") - before).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aDelayedTaskThatThrowsIsSaid() {
        long before = Faults.count("fault_test_delayed");
        GuardedTask.after(1, executor, "test_delayed", () -> {
            throw new StackOverflowError("planted");
        });
        await().until(() -> Faults.count("fault_test_delayed") == before + 1);
    }

    @Test
    void aCancelledTaskRunsNoMore() throws Exception {
        Future<?> task = GuardedTask.every(1, executor, "test_cancelled", runs::incrementAndGet);
        await().until(() -> runs.get() > 0);
        task.cancel(false);
        executor.submit(() -> {}).get();
        int seen = runs.get();
        executor.submit(() -> {}).get();
        assertThat(runs).hasValue(seen);
    }
}
