package xiu.stream.seam;

/**
 * Faults that were contained in packages that must not log: they go to the thread's handler for uncaught exceptions,
 * which logs them.
 */
public final class Uncaught {
    private Uncaught() {}

    /**
     * Hands a fault to the thread's handler. Never throws.
     *
     * @param what what failed
     */
    public static void report(String what, Throwable fault) {
        try {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, new IllegalStateException(what, fault));
        } catch (Throwable unsaid) {
            // Where memory is short there may be none for the report; the caller goes on.
        }
    }
}
