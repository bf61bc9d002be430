package xiu.segment;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Memory for segments of streams that nobody asks for (idle streams), of which each has an equal share. Any thread. */
public final class IdleBudget {
    private final LongSupplier bytes;
    private final AtomicInteger streams = new AtomicInteger();

    /** {@code bytes}: for all idle streams together, at the moment. */
    public IdleBudget(LongSupplier bytes) {
        this.bytes = bytes;
    }

    /** One more stream is idle. */
    void enter() {
        streams.incrementAndGet();
    }

    /** One stream is not idle any more. */
    void leave() {
        streams.decrementAndGet();
    }

    /** What one idle stream may keep, bytes. */
    long share() {
        return bytes.getAsLong() / Math.max(1, streams.get());
    }
}
