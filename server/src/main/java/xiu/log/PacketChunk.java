package xiu.log;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Place;
import xiu.media.MediaPacket.Time;
import xiu.media.Track;

/**
 * A run of packets: their bodies one after another, and what else they are in plain arrays. No object lives as long as
 * a packet does, because the collector would have to carry each of them along for the seconds that a log lasts. One
 * writer appends; readers on any thread see the packets below {@link #count()}.
 */
final class PacketChunk extends Chunk {
    private static final int KEY_FRAME = 1;

    private final long base;
    private final long firstTime;
    // Written before count is, so whatever count covers may be read.
    private final Track[] tracks;
    private final long[] dts;
    private final long[] pts;
    private final int[] epochs;
    private final int[] ends;
    /** Where the sample begins, and in the lowest bit whether it is a key frame. */
    private final int[] samples;

    private volatile int count;
    private volatile @Nullable PacketChunk next;

    /** An empty chunk for so many packets, of which the first has this sequence and time, µs. */
    PacketChunk(ByteBuf buffer, LogMemory memory, int packets, long base, long firstTime) {
        super(buffer, memory);
        this.base = base;
        this.firstTime = firstTime;
        this.tracks = new Track[packets];
        this.dts = new long[packets];
        this.pts = new long[packets];
        this.epochs = new int[packets];
        this.ends = new int[packets];
        this.samples = new int[packets];
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
        return packets == 0 ? 0 : ends[packets - 1];
    }

    /** The decoding time of its first packet, µs. */
    long firstTime() {
        return firstTime;
    }

    /** The decoding time of its last packet, µs; it must have one. */
    long lastTime() {
        return dts[count - 1];
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
        return count < ends.length && room() >= bytes;
    }

    /** Copies the packet behind the others; borrows it. */
    void append(MediaPacket packet) {
        int index = count;
        ByteBuf body = packet.body();
        buffer().writeBytes(body, body.readerIndex(), body.readableBytes());
        tracks[index] = packet.track();
        dts[index] = packet.dts();
        pts[index] = packet.pts();
        epochs[index] = packet.epoch();
        ends[index] = buffer().writerIndex();
        samples[index] = packet.sampleOffset() << 1 | (packet.keyFrame() ? KEY_FRAME : 0);
        count = index + 1;
    }

    /** The packet at {@code index}, below {@link #count()}; borrowed, and good as long as the chunk is held. */
    MediaPacket packet(int index) {
        int from = index == 0 ? 0 : ends[index - 1];
        return new MediaPacket(
                new Place(base + index, epochs[index]),
                tracks[index],
                new Time(dts[index], pts[index]),
                (samples[index] & KEY_FRAME) != 0,
                buffer().slice(from, ends[index] - from),
                samples[index] >>> 1);
    }
}
