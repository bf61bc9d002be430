package xiu.log;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Place;

/**
 * A run of packets: their bodies one after another, and an index. No object lives as long as a packet does, because the
 * collector would have to carry each of them along for the seconds that a log lasts. One writer appends; readers on any
 * thread see the packets below {@link #count()}.
 */
final class PacketChunk extends Chunk {
    private final long base;
    private final long firstTime;
    // Written before count is, so whatever count covers may be read.
    private final PacketIndex index;

    private volatile int count;
    private volatile @Nullable PacketChunk next;

    /** An empty chunk, whose first packet has this sequence and time, µs. */
    PacketChunk(ByteBuf buffer, LogMemory memory, PacketIndex index, long base, long firstTime) {
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

    /** Bytes of its packets. */
    int filled() {
        int packets = count;
        return packets == 0 ? 0 : index.end(packets - 1);
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

    boolean hasRoomFor(int bytes) {
        return count < index.capacity() && room() >= bytes;
    }

    /** Copies the packet behind the others; borrows it. */
    void append(MediaPacket packet) {
        int at = count;
        ByteBuf body = packet.body();
        buffer().writeBytes(body, body.readerIndex(), body.readableBytes());
        index.set(at, packet, buffer().writerIndex());
        count = at + 1;
    }

    /** The packet at {@code at}, below {@link #count()}; borrowed, and good as long as the chunk is held. */
    MediaPacket packet(int at) {
        return new MediaPacket(
                new Place(base + at, index.epoch(at)),
                index.track(at),
                index.time(at),
                index.keyFrame(at),
                // Not a slice: who refers to bytes of many packets holds their chunk's memory, and finds them by its
                // indices.
                buffer().duplicate().setIndex(index.start(at), index.end(at)),
                index.sampleOffset(at));
    }
}
