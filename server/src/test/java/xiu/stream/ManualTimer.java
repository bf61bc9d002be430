package xiu.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A scheduler whose time the test moves on. */
final class ManualTimer extends ScheduledThreadPoolExecutor {
    private record Task(long at, Runnable action, ScheduledFuture<?> future) {}

    private final List<Task> tasks = new ArrayList<>();
    private long now;

    ManualTimer() {
        super(0);
        setRemoveOnCancelPolicy(true);
    }

    @Override
    public synchronized ScheduledFuture<?> schedule(Runnable action, long delay, TimeUnit unit) {
        // Never runs by itself; it only carries the cancellation.
        ScheduledFuture<?> future = super.schedule(() -> {}, 365, TimeUnit.DAYS);
        tasks.add(new Task(now + unit.toMillis(delay), action, future));
        return future;
    }

    /** Lets time pass and runs what is due; {@code stale} also what was cancelled, as if it had begun already. */
    void advance(long millis, boolean stale) {
        now += millis;
        for (Task task : List.copyOf(tasks)) {
            if (task.at <= now) {
                tasks.remove(task);
                if (stale || !task.future.isCancelled()) {
                    task.action.run();
                    // It waits no more.
                    task.future.cancel(false);
                }
            }
        }
    }

    /** What still waits. */
    int waiting() {
        return getQueue().size();
    }
}
