package xiu.medialog;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import xiu.medialog.memory.LogMemory;

/**
 * A run of ready bytes in one piece of memory. One writer appends whole packets; readers on any thread see bytes up to
 * {@link #limit()}.
 */
public final class ByteChunk extends Chunk {
    private final long address;
    private final long base;
    private final long firstTime;
    private volatile int limit;
    private volatile @Nullable ByteChunk next;

    // Written before limit, so the entries of all bytes below limit can be read.
    private final ByteIndex index;
    private volatile int packets;

    /**
     * An empty chunk.
     *
     * @param buffer direct memory of fixed capacity; consumed
     * @param index may have old entries, which are overwritten
     * @param base the position of its first byte in the log
     * @param firstTime the time of its first packet, µs
     */
    ByteChunk(ByteBuf buffer, LogMemory memory, ByteIndex index, long base, long firstTime) {
        super(buffer, memory);
        this.index = index;
        this.address =
                MemorySegment.ofBuffer(buffer.nioBuffer(0, buffer.capacity())).address();
        this.base = base;
        this.firstTime = firstTime;
    }

    /** The address of the memory, for the kernel; valid while a hold is kept. */
    public long address() {
        return address;
    }

    /** The position of the first byte in the log. */
    public long base() {
        return base;
    }

    /** The end of the bytes that readers may see. Final once {@link #next()} is not null. */
    public int limit() {
        return limit;
    }

    /** The chunk that follows, or null. Read it before {@link #limit()}: not null means that limit will not grow. */
    public @Nullable ByteChunk next() {
        return next;
    }

    /** Makes everything that was written to the buffer since the last call visible to readers, as one packet. */
    void publish(long time) {
        int count = packets;
        index.set(count, buffer().writerIndex(), (int) ((time - firstTime) / 1000));
        packets = count + 1;
        limit = buffer().writerIndex();
    }

    void seal(ByteChunk following) {
        next = following;
    }

    /** The end of the packet that holds the byte at {@code offset}, which must be below {@link #limit()}. */
    public int packetEnd(int offset) {
        return index.end(index.packetAt(offset, packets));
    }

    /** The time of the packet at {@code offset}, µs; at the very end, that of the last packet. */
    public long timeAt(int offset) {
        int count = packets;
        if (count == 0) {
            return firstTime;
        }
        int packet = Math.min(index.packetAt(offset, count), count - 1);
        return firstTime + index.millis(packet) * 1000L;
    }

    /** Its index, to be used again after the chunk. */
    ByteIndex index() {
        return index;
    }
}
