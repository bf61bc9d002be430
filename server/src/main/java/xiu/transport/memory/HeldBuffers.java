package xiu.transport.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Counts the memory that its owner has let go and that replies still hold, because their clients are slow. Any thread.
 */
public final class HeldBuffers {
    private static final HeldBuffers PROCESS = new HeldBuffers();

    private final Queue<Held> held = new ConcurrentLinkedQueue<>();

    private record Held(ByteBuf buffer, long bytes) {}

    /** Those of this process, as its memory is. */
    public static HeldBuffers ofProcess() {
        return PROCESS;
    }

    /** A buffer with these bytes, which are consumed, that may be {@link #release released} here. */
    public static ByteBuf of(ByteBuf bytes) {
        // The object of a pooled buffer is soon another buffer; this one stays what it is, also when it is gone.
        return new CompositeByteBuf(bytes.alloc(), true, 1).addComponent(true, bytes);
    }

    /** The owner lets go of a buffer, which is one of {@link #of}. */
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
