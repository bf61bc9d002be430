package xiu.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one log's chunks. One freed chunk is kept for the next: a log is a ring, and memory that comes back
 * from the system has to be mapped and cleared page by page. Confined to the log's writer but for {@link #free} and
 * {@link #held}.
 */
final class LogMemory {
    private final ByteBufAllocator allocator;
    private final AtomicLong held = new AtomicLong();
    private @Nullable ByteBuf spare;

    LogMemory(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** All of it: the log's chunks, those that only readers hold, and the spare one, bytes; any thread. */
    long held() {
        return held.get();
    }

    /** Empty direct memory of at least {@code capacity} bytes, at most twice as much. */
    ByteBuf take(int capacity) {
        ByteBuf kept = spare;
        if (kept != null && kept.capacity() >= capacity && kept.capacity() / 2 <= capacity) {
            spare = null;
            return kept.clear();
        }
        held.addAndGet(capacity);
        return allocator.directBuffer(capacity, capacity);
    }

    /** Takes memory back that nobody uses any more; any thread. */
    void free(ByteBuf buffer) {
        held.addAndGet(-buffer.capacity());
        buffer.release();
    }

    /** Takes memory back to give it out again. */
    void keep(ByteBuf buffer) {
        // What the kernel has not taken yet may still lie in a channel, as a slice with a count of its own.
        if (spare == null && buffer.refCnt() == 1) {
            spare = buffer;
        } else {
            free(buffer);
        }
    }

    /** Nothing is taken any more. */
    void close() {
        ByteBuf kept = spare;
        if (kept != null) {
            spare = null;
            free(kept);
        }
    }
}
