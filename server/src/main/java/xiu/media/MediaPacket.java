package xiu.media;

import io.netty.buffer.ByteBuf;
import xiu.codec.VideoConfig;

/**
 * One coded frame. Immutable. It has one owner, who releases it or hands it on; everybody else borrows it.
 *
 * <p>The frame is its {@link #sample()}, in the form that the track's configuration describes: length-prefixed NAL
 * units, a raw AAC frame, an OBU temporal unit, an Opus packet. A frame that was published as the body of an FLV tag or
 * an RTMP message has its FLV tag header in front of the sample, in the same buffer, so that players of FLV and RTMP
 * get the body byte for byte and without a further copy. A frame of any other origin is a sample alone; formats that
 * need a tag header write one.
 */
public final class MediaPacket {
    private final Position place;
    private final Track track;
    private final long dts;
    private final long pts;
    private final Entry entry;
    private final ByteBuf bytes;
    private final int tagHeaderBytes;

    /** Whether a reader that has nothing of the stream yet may begin with this packet. */
    public enum Entry {
        /** No: the packet refers to others, which the reader would not have. */
        NONE,
        /** Yes, in place of a key frame, because none has come for long. The first pictures may be incomplete. */
        SUBSTITUTE,
        /** Yes: this is a key frame. */
        KEY_FRAME
    }

    /**
     * The place of a packet in its stream.
     *
     * @param sequence its number in the stream's log, from 0
     * @param epoch how many breaks the timeline had before it: a publisher that came back, a clock that jumped
     */
    public record Position(long sequence, int epoch) {
        /** The position of a packet that is in no stream yet. */
        public static final Position NONE = new Position(-1, 0);
    }

    /**
     * When a frame is decoded and shown, in microseconds on the stream's monotonic timeline.
     *
     * @param dts decoding time, µs
     * @param pts presentation time, µs
     */
    public record Time(long dts, long pts) {}

    /**
     * A sample that is in no stream yet.
     *
     * @param sample consumed
     */
    public MediaPacket(Track track, Time time, boolean keyFrame, ByteBuf sample) {
        this(track, time, keyFrame, sample, 0);
    }

    /**
     * A packet that is in no stream yet, published as the body of an FLV tag.
     *
     * @param bytes FLV tag header and sample; consumed
     * @param tagHeaderBytes how many of {@code bytes} are the tag header; 0 when there is none
     */
    public MediaPacket(Track track, Time time, boolean keyFrame, ByteBuf bytes, int tagHeaderBytes) {
        this(Position.NONE, track, time, keyFrame ? Entry.KEY_FRAME : Entry.NONE, bytes, tagHeaderBytes);
    }

    /**
     * A packet at its place in a stream.
     *
     * @param bytes FLV tag header, if there is one, and sample; consumed
     * @param tagHeaderBytes how many of {@code bytes} are the tag header; 0 when there is none
     */
    public MediaPacket(Position place, Track track, Time time, Entry entry, ByteBuf bytes, int tagHeaderBytes) {
        this.place = place;
        this.track = track;
        this.dts = time.dts();
        this.pts = time.pts();
        this.entry = entry;
        this.bytes = bytes;
        this.tagHeaderBytes = tagHeaderBytes;
    }

    /**
     * The same frame at its place in a stream.
     *
     * @param shift added to both times, µs
     * @return a packet that takes over this packet's bytes; this packet must not be used afterwards
     */
    public MediaPacket placed(Position at, long shift) {
        return new MediaPacket(at, track, new Time(dts + shift, pts + shift), entry, bytes, tagHeaderBytes);
    }

    /**
     * The same frame as a place where readers may begin in place of a key frame.
     *
     * @return a packet that takes over this packet's bytes; this packet must not be used afterwards
     */
    public MediaPacket asSubstitute() {
        return new MediaPacket(place, track, new Time(dts, pts), Entry.SUBSTITUTE, bytes, tagHeaderBytes);
    }

    /** Its number in the stream's log, or -1. */
    public long sequence() {
        return place.sequence();
    }

    /** How many breaks the stream's timeline had before this packet. */
    public int epoch() {
        return place.epoch();
    }

    /** The track it belongs to, with the configuration that decodes it. */
    public Track track() {
        return track;
    }

    /** Decoding time, µs. */
    public long dts() {
        return dts;
    }

    /** Presentation time, µs. */
    public long pts() {
        return pts;
    }

    /** Whether it is a key frame; only video has them. */
    public boolean keyFrame() {
        return entry == Entry.KEY_FRAME;
    }

    /** Whether a reader may begin here. */
    public Entry entry() {
        return entry;
    }

    /**
     * Whether the sample itself says that a decoder can begin with it. Parses the sample, so this is asked only when no
     * key frame has come for long.
     */
    public boolean isRecoveryPoint() {
        return track.config() instanceof VideoConfig video && video.isRecoveryPoint(sample());
    }

    /** Whether it has no sample: a command or a description that only players of FLV and RTMP understand. */
    public boolean isEmpty() {
        return tagHeaderBytes >= bytes.readableBytes();
    }

    /** FLV tag header, if there is one, and sample in one piece; borrowed: readers use absolute indices or a duplicate. */
    public ByteBuf bytes() {
        return bytes;
    }

    /** How many of the bytes are the FLV tag header that the frame was published with; 0: it is a sample alone. */
    public int tagHeaderBytes() {
        return tagHeaderBytes;
    }

    /** How many of the bytes are the sample. */
    public int sampleBytes() {
        return bytes.readableBytes() - tagHeaderBytes;
    }

    /**
     * The sample alone: a view whose reader index is its beginning, and whose indices are those of the buffer;
     * borrowed.
     */
    public ByteBuf sample() {
        return bytes.duplicate().skipBytes(tagHeaderBytes);
    }

    /** Releases the buffer; for its owner alone. */
    public void release() {
        bytes.release();
    }
}
