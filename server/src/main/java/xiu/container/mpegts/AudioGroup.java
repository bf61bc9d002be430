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
 * Consecutive audio frames that share one PES packet; with one packet for each frame, headers and stuffing would be a
 * third of it. Only the first frame's time is written; the others follow from the durations, so a frame whose time does
 * not follow begins another group.
 */
final class AudioGroup {
    /** Longest group in a segment, µs. */
    private static final long IN_SEGMENTS = 100_000;
    /** Longest group where somebody waits for each frame, µs: two frames of AAC share their headers. */
    private static final long AT_ONCE = 60_000;

    /** Times in whole milliseconds differ by up to this from those that the sample rate gives, µs. */
    private static final long STRAY = 1_500;

    private static final int MAX_BYTES = 16 << 10;
    /** Enough for fifty frames; there are no more in a tenth of a second. */
    private static final int ROOM = 2 << 10;
    /** A header and a frame that is too short to be referred to. */
    private static final int MOST_OF_A_FRAME = TsPieces.HEAD + AdtsHeader.MOST_BYTES + TsUnits.WORTH_A_REFERENCE;

    private static final long UNKNOWN = -1;

    private final TsUnits segment;
    private final long maxDuration;
    private final boolean copies;
    private final TsPieces frames;
    private final ByteBuf header = Unpooled.buffer(AdtsHeader.MOST_BYTES);
    private int bytes;
    private long start;
    private long duration;
    private long lastDuration;

    private AudioGroup(TsUnits segment, long maxDuration, boolean copies, int room) {
        this.segment = segment;
        this.maxDuration = maxDuration;
        this.copies = copies;
        this.frames = new TsPieces(room);
    }

    /** A group of the open segment, which holds the buffers that the frames are in. */
    static AudioGroup referring(TsUnits segment) {
        return new AudioGroup(segment, IN_SEGMENTS, false, ROOM);
    }

    /** A group of copies, for units that are cut before the group is complete. */
    static AudioGroup copying(TsUnits units) {
        return new AudioGroup(units, AT_ONCE, true, TsPieces.HEAD + MAX_BYTES + AdtsHeader.MOST_BYTES);
    }

    /** How long a group lasts at most, µs. */
    long maxDuration() {
        return maxDuration;
    }

    /** Whether no frame like the last one may follow. */
    boolean isComplete() {
        return duration == UNKNOWN || duration + lastDuration > maxDuration;
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

    /** Whether this frame may follow; otherwise it begins the next group. */
    boolean takes(MediaPacket packet) {
        return isEmpty()
                || duration != UNKNOWN
                        && Math.abs(packet.pts() - start - duration) <= STRAY
                        && duration + durationOf(packet) <= maxDuration
                        && bytes + packet.sampleBytes() <= MAX_BYTES
                        && frames.room() >= MOST_OF_A_FRAME;
    }

    /**
     * Adds a frame.
     *
     * @param packet borrowed; the segment may hold the buffer that its sample is in
     * @throws MalformedDataException when the frame cannot be carried; the group is unchanged
     */
    void add(MediaPacket packet) {
        ByteBuf sample = packet.sample();
        if (copies && sample.readableBytes() > MAX_BYTES) {
            throw new MalformedDataException(
                    "audio frame: " + sample.readableBytes() + " bytes (expected: at most " + MAX_BYTES + ")");
        }
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
        lastDuration = durationOf(packet);
        duration = lastDuration == UNKNOWN ? UNKNOWN : duration + lastDuration;
    }

    private void add(ByteBuf sample, int index, int length) {
        if (copies || length < TsUnits.WORTH_A_REFERENCE) {
            frames.copy(sample, index, length);
        } else {
            frames.refer(segment.source(sample), index, length);
        }
        bytes += length;
    }

    /** Writes the frames into the unit that was begun for them; the next group begins. */
    void flush() {
        if (copies) {
            frames.writeBytesTo(segment);
        } else {
            segment.append(frames, bytes);
        }
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
