package xiu.transport.receive;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a loop of unhurried connections lets requests gather before it looks at them. One request by itself wakes the
 * loop, into cold caches, and costs three times what one among twenty does. Few requests a second are answered at once;
 * with more the loop waits until about twenty are there, no longer than players of segments never notice; and with many
 * twenty are there at once. Confined to its loop.
 */
final class Patience {
    /** The longest wait, from look to look, ns. */
    static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(40);
    /** More at once hardly saves more. */
    static final int ENOUGH = 20;
    /** So many must come within the longest wait: fewer are not worth it. */
    static final int WORTH = 4;
    /** A look moves the mean by this part of the difference. */
    private static final int WEIGHT = 8;

    private static final FastThreadLocal<@Nullable Patience> CURRENT = new FastThreadLocal<>();

    private long last;
    /** From one event to the next, as a rule, ns. */
    private long interval = LONGEST;

    private int waiting;

    /** That of the loop whose thread this is, or null where the loop has none. */
    static @Nullable Patience ofThisLoop() {
        return CURRENT.get();
    }

    /** On the loop's thread, before anything else. */
    void begin(long now) {
        CURRENT.set(this);
        last = now;
    }

    /** How long to let more come before the next look, ns. */
    long rest(long now) {
        if (waiting > 0 || interval * WORTH > LONGEST) {
            return 0;
        }
        return Math.max(0, last + Math.min(interval * ENOUGH, LONGEST) - now);
    }

    /**
     * A look is over.
     *
     * @param at when it began, ns
     * @param events that were found
     */
    void looked(long at, int events) {
        if (events > 0) {
            long gap = Math.clamp(at - last, 0, LONGEST) / events;
            interval += (gap - interval) / WEIGHT;
            last = at;
        }
    }

    /** A connection has bytes that its socket did not take, and must go on as soon as it does; or has no more. */
    void outputWaits(boolean waits) {
        waiting += waits ? 1 : -1;
    }
}
