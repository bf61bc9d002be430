package xiu.segment;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Memory for segments of streams that nobody asks for: each such stream has an equal share of it. Any thread. */
public final class IdleBudget {
    private final LongSupplier bytes;
    private final AtomicInteger streams = new AtomicInteger();

    /** {@code bytes}: of all idle streams together, as of now. */
    public IdleBudget(LongSupplier bytes) {
        this.bytes = bytes;
    }

    /** One stream more is idle. */
    void enter() {
        streams.incrementAndGet();
    }

    /** One is idle no more. */
    void leave() {
        streams.decrementAndGet();
    }

    /** What one idle stream may keep, bytes. */
    long share() {
        return bytes.getAsLong() / Math.max(1, streams.get());
    }
}
