package xiu.medialog;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Entry;
import xiu.media.MediaPacket.Position;
import xiu.medialog.memory.ChunkMemory;

/**
 * A run of packets: their bytes one after another, and an index. There is no object per packet, because the garbage
 * collector would have to copy each of them for the seconds that a log lasts. One writer appends; readers on any thread
 * see the packets below {@link #count()}.
 */
abstract sealed class PacketChunk extends Chunk permits CopiedPackets, LentPackets {
    private final long base;
    private final long firstTime;
    // Written before count, so the entries of all packets below count can be read.
    private final PacketIndex index;

    /** Bytes of the headers that came with its packets' tracks; writer only. */
    private int headers;

    private volatile int count;
    private volatile @Nullable PacketChunk next;

    /** An empty chunk, whose first packet has this sequence and time, µs. */
    PacketChunk(ByteBuf buffer, ChunkMemory memory, PacketIndex index, long base, long firstTime) {
        super(buffer, memory);
        this.index = index;
        this.base = base;
        this.firstTime = firstTime;
    }

    /** Its index, to be used again after the chunk. */
    PacketIndex index() {
        return index;
    }

    /** The sequence of its first packet. */
    long base() {
        return base;
    }

    /** The sequence after its last packet. */
    long end() {
        return base + count;
    }

    int count() {
        return count;
    }

    /** Bytes of its packets, and of everything between them. */
    int filled() {
        int packets = count;
        return packets == 0 ? 0 : index.end(packets - 1) - index.start(0);
    }

    /** The decoding time of its first packet, µs. */
    long firstTime() {
        return firstTime;
    }

    /** The decoding time of its last packet, µs; there must be one. */
    long lastTime() {
        return index.dts(count - 1);
    }

    /** The chunk that follows, or null. Read it before {@link #count()}: not null means that count will not grow. */
    @Nullable
    PacketChunk next() {
        return next;
    }

    void seal(PacketChunk following) {
        next = following;
    }

    /** How many of the log's bytes its memory counts for. */
    abstract int cost();

    /** Counts the configuration of a track that is new with its next packet, which refers to it. */
    void hold(int headerBytes) {
        headers += headerBytes;
    }

    /** Bytes of configurations that its packets refer to, besides its memory. */
    int headers() {
        return headers;
    }

    /** Whether another packet of so many bytes fits, which are in {@code lent} already, or have to be copied. */
    final boolean takes(int bytes, @Nullable ByteBuf lent) {
        return count < index.capacity() && hasRoomFor(bytes, lent);
    }

    abstract boolean hasRoomFor(int bytes, @Nullable ByteBuf lent);

    /**
     * Appends a packet that {@link #takes} has accepted; borrows it. If its bytes are lent, they begin at {@code at}.
     */
    final void append(MediaPacket packet, Entry entry, int at) {
        int packets = count;
        index.set(packets, packet, entry, place(packet.bytes(), at));
        count = packets + 1;
    }

    /** Where the bytes begin in the chunk's memory from now on. */
    abstract int place(ByteBuf bytes, int at);

    /** The packet at {@code at}, below {@link #count()}; borrowed, and valid while the chunk is held. */
    MediaPacket packet(int at) {
        return new MediaPacket(
                new Position(base + at, index.epoch(at)),
                index.track(at),
                index.time(at),
                index.entry(at),
                // Not a slice: a segment that refers to bytes of many packets holds the chunk's memory, and uses its
                // indices.
                buffer().duplicate().setIndex(index.start(at), index.end(at)),
                index.tagHeaderBytes(at));
    }
}
