package xiu.stream.seam;

/** Faults that were contained where nothing may be logged: they are for the handler of the thread, which can. */
public final class Uncaught {
    private Uncaught() {}

    /** Hands a fault to the thread's handler, with what it happened to. Never throws. */
    public static void report(String what, Throwable fault) {
        try {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, new IllegalStateException(what, fault));
        } catch (Throwable unsaid) {
            // Where memory is out there may be none for the words either; the caller goes on.
        }
    }
}
