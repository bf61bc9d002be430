package xiu.transport.trouble;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Work for an executor that survives its own faults. An executor silently ends a periodic task at its first exception,
 * and keeps the exception of a delayed task in a future that nobody reads. With this, the fault is reported as {@code
 * fault_NAME} ({@link Faults}), and a periodic task runs again at its next time. Any thread.
 */
public final class GuardedTask implements Runnable {
    private final String event;
    private final Runnable work;

    /**
     * A task.
     *
     * @param name what the work is for, in lower case with underscores; one of a few constants
     */
    public GuardedTask(String name, Runnable work) {
        this.event = "fault_" + name;
        this.work = work;
    }

    /** Runs it every {@code millis}, first after {@code millis}, until the result is cancelled. */
    public static Future<?> every(long millis, ScheduledExecutorService executor, String name, Runnable work) {
        return executor.scheduleAtFixedRate(new GuardedTask(name, work), millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Runs it once after {@code millis}, unless the result is cancelled before that. */
    public static Future<?> after(long millis, ScheduledExecutorService executor, String name, Runnable work) {
        return executor.schedule(new GuardedTask(name, work), millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
        try {
            work.run();
        } catch (Throwable fault) {
            Faults.contained(event, Thread.currentThread().getName(), fault);
        }
    }
}
