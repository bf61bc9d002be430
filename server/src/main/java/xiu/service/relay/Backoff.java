package xiu.service.relay;

import java.util.function.DoubleSupplier;

/** Retry delays that double from one to thirty seconds, with jitter so that many relays do not retry in step. */
final class Backoff {
    private static final long FIRST = 1_000;
    private static final long LAST = 30_000;
    /** After a run of this length the far side counts as healthy, and the next attempt follows at once, ms. */
    private static final long HEALTHY = 5_000;

    private final DoubleSupplier random;
    private int failures;

    /** Delays with jitter from {@code random}, which gives numbers from 0 to 1. */
    Backoff(DoubleSupplier random) {
        this.random = random;
    }

    /**
     * How long to wait after an attempt.
     *
     * @param ranFor how long it had been running, ms; 0 when it never ran
     * @return ms
     */
    long after(long ranFor) {
        if (ranFor >= HEALTHY) {
            failures = 0;
            return 0;
        }
        long delay = Math.min(LAST, FIRST << Math.min(failures, 10));
        failures++;
        // From three quarters to all of the delay.
        return (long) (delay * (0.75 + 0.25 * random.getAsDouble()));
    }
}
