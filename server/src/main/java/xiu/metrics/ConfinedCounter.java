package xiu.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that one thread at a time increases and any thread reads. Increasing it is a load and a store, without a
 * locked instruction, so it can be used for each packet.
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
        // Opaque: readers never see half of a number, and see it soon. They need nothing that was written before it.
        VALUE.setOpaque(this, value + count);
    }

    /** How many so far; any thread. */
    public long value() {
        return (long) VALUE.getOpaque(this);
    }
}
