package xiu.medialog;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicInteger;
import xiu.medialog.memory.ChunkMemory;

/**
 * A piece of a log's memory, held by its log and by every reader that stands in it. The last release gives the memory
 * back. A chunk object is never used again, although its memory may be, so that {@link #tryRetain()} on an old
 * reference fails.
 */
abstract sealed class Chunk permits ByteChunk, PacketChunk {
    private final ByteBuf buffer;
    private final ChunkMemory memory;
    private final AtomicInteger holds = new AtomicInteger(1);

    /**
     * A chunk in {@code buffer}, direct memory of fixed capacity, which {@code memory} gets back in the end; consumed.
     */
    Chunk(ByteBuf buffer, ChunkMemory memory) {
        this.buffer = buffer;
        this.memory = memory;
    }

    /** The memory; readers borrow it and use absolute indices. */
    public final ByteBuf buffer() {
        return buffer;
    }

    final int room() {
        return buffer.writableBytes();
    }

    final int capacity() {
        return buffer.capacity();
    }

    /** Takes a hold; false when the chunk is gone. */
    public final boolean tryRetain() {
        while (true) {
            int held = holds.get();
            if (held == 0) {
                return false;
            }
            if (holds.compareAndSet(held, held + 1)) {
                return true;
            }
        }
    }

    /** Gives a hold back. */
    public final void release() {
        int left = holds.decrementAndGet();
        if (left == 0) {
            memory.free(buffer);
        } else if (left < 0) {
            throw new IllegalStateException("chunk released: " + left + " holds (expected: at least 0)");
        }
    }

    /**
     * Gives the log's own hold back, on the writer's thread. Memory that no reader holds becomes the log's next chunk.
     *
     * @return whether no reader holds it
     */
    final boolean recycle() {
        boolean last = holds.compareAndSet(1, 0);
        if (last) {
            memory.keep(buffer);
        } else {
            release();
        }
        return last;
    }

    /** How many readers hold it; the log must hold it, too. */
    final int readers() {
        return holds.get() - 1;
    }
}
