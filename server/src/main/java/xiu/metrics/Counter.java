package xiu.metrics;

import java.util.concurrent.atomic.AtomicLong;

/** A number that only grows and that any thread may increase, for what happens less often than once per packet. */
public final class Counter {
    private final AtomicLong value = new AtomicLong();

    /** One more. */
    public void increment() {
        value.incrementAndGet();
    }

    /** {@code count} more, 0 or above. */
    public void add(long count) {
        value.addAndGet(count);
    }

    /** How many so far. */
    public long value() {
        return value.get();
    }
}
