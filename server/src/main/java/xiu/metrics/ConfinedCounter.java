package xiu.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that one thread at a time counts and any thread reads. Counting is a load and a store, without a locked
 * instruction, so this is what stands on the way of each packet.
 */
public final class ConfinedCounter {
    private static final VarHandle VALUE = handle();

    private long value;

    private static VarHandle handle() {
        try {
            return MethodHandles.lookup().findVarHandle(ConfinedCounter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** One more; its one writer only. */
    public void increment() {
        add(1);
    }

    /** {@code count} more; its one writer only. */
    public void add(long count) {
        // Opaque: readers never see half of a number, and see it soon; they need nothing else that was written before.
        VALUE.setOpaque(this, value + count);
    }

    /** How many so far; any thread. */
    public long value() {
        return (long) VALUE.getOpaque(this);
    }
}
