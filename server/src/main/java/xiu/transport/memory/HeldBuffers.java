package xiu.transport.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Counts memory that its owner has released and that replies still hold, because their clients are slow. Any thread.
 */
public final class HeldBuffers {
    private static final HeldBuffers PROCESS = new HeldBuffers();

    private final Queue<Held> held = new ConcurrentLinkedQueue<>();

    private record Held(ByteBuf buffer, long bytes) {}

    /** The instance of this process, which has one memory for all servers in it. */
    public static HeldBuffers ofProcess() {
        return PROCESS;
    }

    /** A buffer with these bytes, which are consumed; its owner calls {@link #release} of this class. */
    public static ByteBuf of(ByteBuf bytes) {
        // Not a pooled buffer, whose object may soon be another buffer: this one can still be asked after its release.
        return new CompositeByteBuf(bytes.alloc(), true, 1).addComponent(true, bytes);
    }

    /** The owner releases a buffer, which was made by {@link #of}; it is counted until nobody holds it. */
    public void release(ByteBuf buffer) {
        long bytes = buffer.readableBytes();
        if (!buffer.release()) {
            held.add(new Held(buffer, bytes));
        }
    }

    /** Bytes that only others than their owners hold. */
    public long bytes() {
        long sum = 0;
        for (Iterator<Held> all = held.iterator(); all.hasNext(); ) {
            Held next = all.next();
            if (next.buffer.refCnt() == 0) {
                all.remove();
            } else {
                sum += next.bytes;
            }
        }
        return sum;
    }
}
