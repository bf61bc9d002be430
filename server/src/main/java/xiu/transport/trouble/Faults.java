package xiu.transport.trouble;

import org.slf4j.LoggerFactory;

/**
 * Faults of our own code that were contained: one connection or one run of a task ended, and everything else goes on. A
 * lack of memory is among them. All are counted, few are logged. Any thread.
 */
public final class Faults {
    private static final RareLines LINES = new RareLines(LoggerFactory.getLogger(Faults.class));

    private Faults() {}

    /**
     * Reports a fault that was contained. Never throws: where memory is short, there may be none for the line.
     *
     * @param event one of a few constants, beginning with {@code fault_}
     * @param where whom or what it happened to; sanitised, without secrets
     */
    public static void contained(String event, Object where, Throwable fault) {
        try {
            LINES.fault(event, where, fault);
        } catch (Throwable unsaid) {
            // The caller must go on; the next fault of this kind is counted again.
        }
    }

    /** How many faults of this kind were contained so far. */
    public static long count(String event) {
        return LINES.count(event);
    }
}
