package xiu.log;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

    // The index of the packets; written before limit is, so whatever limit covers may be read. Volatile, because a
    // reader may meet an array that has grown since, whose older entries must be there for it as well.
    private volatile int[] ends = new int[32];
    private volatile int[] millis = new int[32];
    private volatile int packets;

    /**
     * An empty chunk.
     *
     * @param buffer direct memory of fixed capacity; consumed
     * @param base the position of its first byte in the log
     * @param firstTime the time of its first packet, µs
     */
    ByteChunk(ByteBuf buffer, LogMemory memory, long base, long firstTime) {
        super(buffer, memory);
        this.address =
                MemorySegment.ofBuffer(buffer.nioBuffer(0, buffer.capacity())).address();
        this.base = base;
        this.firstTime = firstTime;
    }

    /** Where the memory begins, for the kernel; valid while a hold is kept. */
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

    /** Publishes all that was written to the buffer since the last call as one packet. */
    void publish(long time) {
        int count = packets;
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
            millis = Arrays.copyOf(millis, count * 2);
        }
        ends[count] = buffer().writerIndex();
        millis[count] = (int) ((time - firstTime) / 1000);
        packets = count + 1;
        limit = buffer().writerIndex();
    }

    void seal(ByteChunk following) {
        next = following;
    }

    /** The end of the packet that holds the byte at {@code offset}, which must be below {@link #limit()}. */
    public int packetEnd(int offset) {
        int packet = packetAt(offset);
        return ends[packet];
    }

    /** The time of the packet at {@code offset}, µs; at the very end, that of the last packet. */
    public long timeAt(int offset) {
        int count = packets;
        int packet = Math.min(packetAt(offset), count - 1);
        return count == 0 ? firstTime : firstTime + millis[packet] * 1000L;
    }

    private int packetAt(int offset) {
        int count = packets;
        int found = Arrays.binarySearch(ends, 0, count, offset);
        // Found: offset is where that packet ends, so the byte belongs to the following one.
        return found >= 0 ? found + 1 : -found - 1;
    }
}
