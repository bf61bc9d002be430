package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import xiu.bytes.MalformedDataException;
import xiu.codec.AacConfig;
import xiu.codec.AdtsHeader;
import xiu.codec.CodecConfig;
import xiu.codec.Mp3Header;
import xiu.media.MediaPacket;

/**
 * Consecutive audio frames that share one PES packet, since a frame of its own would cost a third of its size in
 * headers and stuffing. Only the first frame's time is written; the others follow from their durations, so a frame
 * whose time does not is not taken.
 */
final class AudioGroup {
    /** No group lasts longer, µs. */
    static final long MAX_DURATION = 100_000;

    /** Times of whole milliseconds stray this far from those that the sample rate gives, µs. */
    private static final long STRAY = 1_500;

    private static final int MAX_BYTES = 16 << 10;
    private static final long UNKNOWN = -1;

    private final ByteBufAllocator allocator;
    private ByteBuf frames;
    private long start;
    private long duration;

    AudioGroup(ByteBufAllocator allocator) {
        this.allocator = allocator;
        this.frames = allocator.directBuffer(0);
    }

    boolean isEmpty() {
        return !frames.isReadable();
    }

    /** Presentation time of the first frame, µs. */
    long start() {
        return start;
    }

    /** The frames, each with its header; borrowed. */
    ByteBuf frames() {
        return frames;
    }

    /** Whether this frame may follow; one that may not begins the next group. */
    boolean takes(MediaPacket packet) {
        return isEmpty()
                || duration != UNKNOWN
                        && Math.abs(packet.pts() - start - duration) <= STRAY
                        && duration + durationOf(packet) <= MAX_DURATION
                        && frames.readableBytes() + packet.body().readableBytes() <= MAX_BYTES;
    }

    /**
     * Adds a frame.
     *
     * @param packet borrowed
     * @throws MalformedDataException when the frame cannot be carried; the group is as before
     */
    void add(MediaPacket packet) {
        ByteBuf sample = packet.sample();
        if (isEmpty()) {
            start = packet.pts();
            duration = 0;
        }
        if (packet.track().config() instanceof AacConfig aac) {
            AdtsHeader.write(aac, sample.readableBytes(), frames);
        }
        frames.writeBytes(sample);
        long more = durationOf(packet);
        duration = more == UNKNOWN ? UNKNOWN : duration + more;
    }

    /** Begins the next group. */
    void clear() {
        frames.clear();
    }

    /** Gives the memory back; the group can be used again. */
    void release() {
        frames.release();
        frames = allocator.directBuffer(0);
    }

    private static long durationOf(MediaPacket packet) {
        CodecConfig config = packet.track().config();
        if (config instanceof AacConfig aac) {
            return aac.frameDuration();
        }
        ByteBuf sample = packet.sample();
        try {
            Mp3Header header = Mp3Header.parse(sample.getInt(sample.readerIndex()));
            return header.frameBytes() == sample.readableBytes() ? header.frameDuration() : UNKNOWN;
        } catch (MalformedDataException | IndexOutOfBoundsException e) {
            return UNKNOWN;
        }
    }
}
