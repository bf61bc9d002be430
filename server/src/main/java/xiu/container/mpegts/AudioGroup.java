package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import xiu.bytes.MalformedDataException;
import xiu.codec.AacConfig;
import xiu.codec.AdtsHeader;
import xiu.codec.CodecConfig;
import xiu.codec.audio.Mp3Header;
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
    /** For some fifty frames; more than that are not within a tenth of a second. */
    private static final int ROOM = 2 << 10;
    /** A header and a frame that is too short to be referred to. */
    private static final int MOST_OF_A_FRAME = TsPieces.HEAD + AdtsHeader.MOST_BYTES + TsUnits.WORTH_A_REFERENCE;

    private static final long UNKNOWN = -1;

    private final TsUnits segment;
    private final TsPieces frames = new TsPieces(ROOM);
    private final ByteBuf header = Unpooled.buffer(AdtsHeader.MOST_BYTES);
    private int bytes;
    private long start;
    private long duration;

    /** For the open segment of {@code segment}, which holds what the group refers to. */
    AudioGroup(TsUnits segment) {
        this.segment = segment;
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    /** How many bytes the frames have, each with its header. */
    int bytes() {
        return bytes;
    }

    /** Presentation time of the first frame, µs. */
    long start() {
        return start;
    }

    /** Whether this frame may follow; one that may not begins the next group. */
    boolean takes(MediaPacket packet) {
        return isEmpty()
                || duration != UNKNOWN
                        && Math.abs(packet.pts() - start - duration) <= STRAY
                        && duration + durationOf(packet) <= MAX_DURATION
                        && bytes + packet.body().readableBytes() <= MAX_BYTES
                        && frames.room() >= MOST_OF_A_FRAME;
    }

    /**
     * Adds a frame.
     *
     * @param packet borrowed; the segment may hold the memory its body lies in
     * @throws MalformedDataException when the frame cannot be carried; the group is as before
     */
    void add(MediaPacket packet) {
        ByteBuf sample = packet.sample();
        if (isEmpty()) {
            start = packet.pts();
            duration = 0;
        }
        if (packet.track().config() instanceof AacConfig aac) {
            AdtsHeader.write(aac, sample.readableBytes(), header.clear());
            frames.copy(header.array(), 0, header.readableBytes());
            bytes += header.readableBytes();
        }
        add(sample, sample.readerIndex(), sample.readableBytes());
        long more = durationOf(packet);
        duration = more == UNKNOWN ? UNKNOWN : duration + more;
    }

    private void add(ByteBuf sample, int index, int length) {
        if (length < TsUnits.WORTH_A_REFERENCE) {
            frames.copy(sample, index, length);
        } else {
            frames.refer(segment.source(sample), index, length);
        }
        bytes += length;
    }

    /** Writes the frames into the segment's unit that was begun for them; the next group begins. */
    void flush() {
        segment.append(frames, bytes);
        clear();
    }

    /** Forgets the frames. */
    void clear() {
        frames.clear();
        bytes = 0;
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
