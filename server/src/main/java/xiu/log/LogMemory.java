package xiu.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of one log's chunks. What a group of pictures leaves is kept for the next one: a log is a ring, and memory
 * that comes back from the system has to be mapped and cleared page by page. Confined to the log's writer but for
 * {@link #free} and {@link #held}.
 */
final class LogMemory {
    /** Not a pool, for which pieces of this size are an exception: here they go round by themselves. */
    static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true);

    private final ByteBufAllocator allocator;
    private final long most;
    private final int spares;
    private final AtomicLong held = new AtomicLong();
    private final ArrayDeque<ByteBuf> spare = new ArrayDeque<>();

    /** So many pieces are kept, and none while all of it is more than {@code most} bytes. */
    LogMemory(ByteBufAllocator allocator, long most, int spares) {
        this.allocator = allocator;
        this.most = most;
        this.spares = spares;
    }

    /** All of it: the log's chunks, those that only readers hold, and the spare ones, bytes; any thread. */
    long held() {
        return held.get();
    }

    /**
     * Empty direct memory.
     *
     * @param least how much it must hold, bytes
     * @param usual how much it had best hold; it has between half and twice as much, or what it must
     */
    ByteBuf take(int least, int usual) {
        ByteBuf kept = spare.poll();
        if (kept != null) {
            if (kept.capacity() >= Math.max(least, usual / 2) && kept.capacity() / 2 <= usual) {
                return kept.clear();
            }
            // The stream is not what it was.
            free(kept);
        }
        held.addAndGet(usual);
        return allocator.directBuffer(usual, usual);
    }

    /** Takes memory back that nobody uses any more; any thread. */
    void free(ByteBuf buffer) {
        held.addAndGet(-buffer.capacity());
        buffer.release();
    }

    /** Takes memory back to give it out again. */
    void keep(ByteBuf buffer) {
        // What the kernel has not taken yet may still lie in a channel, as a slice with a count of its own.
        if (spare.size() < spares && held.get() <= most && buffer.refCnt() == 1) {
            spare.add(buffer);
        } else {
            free(buffer);
        }
    }

    /** Nothing is taken any more. */
    void close() {
        spare.forEach(this::free);
        spare.clear();
    }
}
