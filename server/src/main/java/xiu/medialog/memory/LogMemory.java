package xiu.medialog.memory;

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
public final class LogMemory implements ChunkMemory {
    /** Not a pool, for which pieces of this size are an exception: here they go round by themselves. */
    public static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true);

    /** Segments of half a minute in chunks of half a second; what is beyond goes back to the system. */
    private static final int MOST_AWAITED = 64;

    private final ByteBufAllocator allocator;
    private final long most;
    private final int spares;
    private final AtomicLong held = new AtomicLong();
    private final ArrayDeque<ByteBuf> spare = new ArrayDeque<>();
    /** What the log is done with and somebody else is not. */
    private final ArrayDeque<ByteBuf> awaited = new ArrayDeque<>();

    /** So many pieces are kept, and none while all of it is more than {@code most} bytes. */
    public LogMemory(ByteBufAllocator allocator, long most, int spares) {
        this.allocator = allocator;
        this.most = most;
        this.spares = spares;
    }

    /** All of it: the log's chunks, those that only readers hold, and the spare ones, bytes; any thread. */
    public long held() {
        return held.get();
    }

    /**
     * Empty direct memory.
     *
     * @param least how much it must hold, bytes
     * @param usual how much it had best hold; it has between half and twice as much, or what it must
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
            // The stream is not what it was.
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
     * Takes memory back to give it out again, as soon as nobody else holds it: the kernel may not have taken all of it
     * yet, or it is part of a segment that has not been cut.
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

    /** Keeps one piece at most: what follows needs memory now and then. */
    public void rest() {
        while (spare.size() > 1) {
            free(spare.remove());
        }
    }

    /** Nothing is taken any more. */
    public void close() {
        spare.forEach(this::free);
        spare.clear();
        awaited.forEach(this::free);
        awaited.clear();
    }
}
