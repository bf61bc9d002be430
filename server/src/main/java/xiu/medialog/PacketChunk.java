package xiu.medialog;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Entry;
import xiu.media.MediaPacket.Position;
import xiu.medialog.memory.ChunkMemory;

/**
 * A run of packets: their bytes one after another, and an index. No object lives as long as a packet does, because the
 * collector would have to carry each of them along for the seconds that a log lasts. One writer appends; readers on any
 * thread see the packets below {@link #count()}.
 */
abstract sealed class PacketChunk extends Chunk permits CopiedPackets, LentPackets {
    private final long base;
    private final long firstTime;
    // Written before count is, so whatever count covers may be read.
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

    /** To be used again when the chunk is gone. */
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

    /** Bytes of its packets, and of what stands between them. */
    int filled() {
        int packets = count;
        return packets == 0 ? 0 : index.end(packets - 1) - index.start(0);
    }

    /** The decoding time of its first packet, µs. */
    long firstTime() {
        return firstTime;
    }

    /** The decoding time of its last packet, µs; it must have one. */
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

    /** What of the bytes that the log may hold its memory takes. */
    abstract int cost();

    /** Adds the header of a track that is new with its next packet, which holds it. */
    void hold(int headerBytes) {
        headers += headerBytes;
    }

    /** What its packets hold besides its memory, bytes. */
    int headers() {
        return headers;
    }

    /** Whether it takes another packet, with so many bytes that stand in {@code lent} already, or nowhere. */
    final boolean takes(int bytes, @Nullable ByteBuf lent) {
        return count < index.capacity() && hasRoomFor(bytes, lent);
    }

    abstract boolean hasRoomFor(int bytes, @Nullable ByteBuf lent);

    /** Adds a packet behind the others, which it must take; borrows it. Its bytes begin at {@code at} where they are lent. */
    final void append(MediaPacket packet, Entry entry, int at) {
        int packets = count;
        index.set(packets, packet, entry, place(packet.bytes(), at));
        count = packets + 1;
    }

    /** Where the bytes begin in the chunk's memory from now on. */
    abstract int place(ByteBuf bytes, int at);

    /** The packet at {@code at}, below {@link #count()}; borrowed, and good as long as the chunk is held. */
    MediaPacket packet(int at) {
        return new MediaPacket(
                new Position(base + at, index.epoch(at)),
                index.track(at),
                index.time(at),
                index.entry(at),
                // Not a slice: who refers to bytes of many packets holds their chunk's memory, and finds them by its
                // indices.
                buffer().duplicate().setIndex(index.start(at), index.end(at)),
                index.tagHeaderBytes(at));
    }
}
