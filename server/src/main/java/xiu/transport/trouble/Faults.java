package xiu.transport.trouble;

import org.slf4j.LoggerFactory;
import xiu.metrics.Counter;
import xiu.metrics.Registry;

/**
 * Faults of our own code that were contained: one connection or one run of a task ended, and everything else goes on. A
 * lack of memory is among them. All are counted, few are logged. Any thread.
 */
public final class Faults {
    private static final RareLines LINES = new RareLines(LoggerFactory.getLogger(Faults.class));

    private static final Counter CONTAINED = new Counter();

    private Faults() {}

    /** Registers the numbers of faults and of all other events that are logged rarely; those of the process. */
    public static void register(Registry registry) {
        RareLines.register(registry);
        registry.counter("xiu_faults_total", "Faults of the server itself that were contained", CONTAINED);
    }

    /**
     * Reports a fault that was contained. Never throws: where memory is short, there may be none for the line.
     *
     * @param event one of a few constants, beginning with {@code fault_}
     * @param where whom or what it happened to; sanitised, without secrets
     */
    public static void contained(String event, Object where, Throwable fault) {
        CONTAINED.increment();
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
