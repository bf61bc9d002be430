package xiu.metrics;

import java.util.concurrent.atomic.AtomicLong;

/** A number that only grows, for what any thread may count: a decision, a connection, the sum of many small things. */
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
