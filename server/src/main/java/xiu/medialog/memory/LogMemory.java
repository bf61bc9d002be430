package xiu.medialog.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of one log's chunks. Memory of evicted chunks is kept for later ones, because memory from the system has
 * to be mapped and cleared page by page. Confined to the log's writer but for {@link #free} and {@link #held}.
 */
public final class LogMemory implements ChunkMemory {
    /** Not a pooled allocator, for which pieces of this size are an exception. This class keeps them itself. */
    public static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true);

    /**
     * Enough for HLS segments of half a minute that refer to chunks of half a second; further memory goes back to the
     * system.
     */
    private static final int MOST_AWAITED = 64;

    private final ByteBufAllocator allocator;
    private final long most;
    private final int spares;
    private final AtomicLong held = new AtomicLong();
    private final ArrayDeque<ByteBuf> spare = new ArrayDeque<>();
    /** Memory that the log has given up and somebody else still holds. */
    private final ArrayDeque<ByteBuf> awaited = new ArrayDeque<>();

    /** Keeps at most {@code spares} pieces, and none while the whole memory is more than {@code most} bytes. */
    public LogMemory(ByteBufAllocator allocator, long most, int spares) {
        this.allocator = allocator;
        this.most = most;
        this.spares = spares;
    }

    /** The whole memory: the log's chunks, those that only readers hold, and the spare ones, bytes; any thread. */
    public long held() {
        return held.get();
    }

    /**
     * Empty direct memory.
     *
     * @param least how much it must hold, bytes
     * @param usual the preferred size; spare memory of half to twice that, and of {@code least} bytes, is taken instead
     */
    public ByteBuf take(int least, int usual) {
        if (!awaited.isEmpty()) {
            collect();
        }
        ByteBuf kept = spare.poll();
        if (kept != null) {
            if (kept.capacity() >= Math.max(least, usual / 2) && kept.capacity() / 2 <= usual) {
                return kept.clear();
            }
            // Too small or too large, because the bit rate has changed.
            free(kept);
        }
        held.addAndGet(usual);
        return allocator.directBuffer(usual, usual);
    }

    @Override
    public void free(ByteBuf buffer) {
        held.addAndGet(-buffer.capacity());
        buffer.release();
    }

    /**
     * Takes memory back to use it again as soon as nobody else holds it: the kernel may not have taken all of it yet,
     * or a segment that is not cut refers to it.
     */
    @Override
    public void keep(ByteBuf buffer) {
        if (isFree(buffer)) {
            spare(buffer);
        } else if (awaited.size() < MOST_AWAITED && held.get() <= most) {
            awaited.add(buffer);
        } else {
            free(buffer);
        }
    }

    private void collect() {
        for (int left = awaited.size(); left > 0; left--) {
            ByteBuf oldest = awaited.remove();
            if (isFree(oldest)) {
                spare(oldest);
            } else {
                awaited.add(oldest);
            }
        }
    }

    private static boolean isFree(ByteBuf buffer) {
        return buffer.refCnt() == 1;
    }

    private void spare(ByteBuf buffer) {
        if (spare.size() < spares && held.get() <= most) {
            spare.add(buffer);
        } else {
            free(buffer);
        }
    }

    /** Keeps one spare piece at most, for logs that need memory only now and then. */
    public void rest() {
        while (spare.size() > 1) {
            free(spare.remove());
        }
    }

    /** Frees all spare memory; nothing is taken any more. */
    public void close() {
        spare.forEach(this::free);
        spare.clear();
        awaited.forEach(this::free);
        awaited.clear();
    }
}
