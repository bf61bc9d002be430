package xiu.media;

import io.netty.buffer.ByteBuf;
import xiu.codec.VideoConfig;

/**
 * One coded frame. Immutable; it has one owner, who releases it or hands it on, and anybody else borrows it.
 *
 * <p>{@code body} is the frame as FLV and RTMP carry it: the tag header followed by the sample. What came in as such a
 * body leaves as the same body byte for byte; a source of another family puts a tag header in front of its samples.
 * {@link #sample()} is what other containers use: length-prefixed NAL units, a raw AAC frame, an OBU temporal unit, an
 * Opus packet.
 */
public final class MediaPacket {
    private final Position place;
    private final Track track;
    private final long dts;
    private final long pts;
    private final Entry entry;
    private final ByteBuf body;
    private final int sampleOffset;

    /** Whether a reader that has nothing of the stream yet may begin with a packet. */
    public enum Entry {
        /** It may not: what this packet refers to would be missing. */
        NONE,
        /** It may for want of a better place: no key frame has come for long. The first pictures may be incomplete. */
        SUBSTITUTE,
        /** It may: this is a key frame. */
        KEY_FRAME
    }

    /**
     * Where a packet stands in its stream.
     *
     * @param sequence its number in the stream's log, from 0
     * @param epoch counts the breaks of the timeline: a publisher that came back, a clock that jumped
     */
    public record Position(long sequence, int epoch) {
        /** Of a packet that no stream has taken yet. */
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
     * A packet that no stream has taken yet.
     *
     * @param body tag header and sample; consumed
     * @param sampleOffset where in {@code body} the sample begins, counted from its reader index
     */
    public MediaPacket(Track track, Time time, boolean keyFrame, ByteBuf body, int sampleOffset) {
        this(Position.NONE, track, time, keyFrame ? Entry.KEY_FRAME : Entry.NONE, body, sampleOffset);
    }

    /**
     * A packet at its place in a stream.
     *
     * @param body tag header and sample; consumed
     * @param sampleOffset where in {@code body} the sample begins, counted from its reader index
     */
    public MediaPacket(Position place, Track track, Time time, Entry entry, ByteBuf body, int sampleOffset) {
        this.place = place;
        this.track = track;
        this.dts = time.dts();
        this.pts = time.pts();
        this.entry = entry;
        this.body = body;
        this.sampleOffset = sampleOffset;
    }

    /**
     * The same frame at its place in a stream.
     *
     * @param shift added to both times, µs
     * @return a packet that takes over this packet's body; this packet must not be used afterwards
     */
    public MediaPacket placed(Position at, long shift) {
        return new MediaPacket(at, track, new Time(dts + shift, pts + shift), entry, body, sampleOffset);
    }

    /**
     * The same frame as a place where readers may begin for want of a better one.
     *
     * @return a packet that takes over this packet's body; this packet must not be used afterwards
     */
    public MediaPacket asSubstitute() {
        return new MediaPacket(place, track, new Time(dts, pts), Entry.SUBSTITUTE, body, sampleOffset);
    }

    /** Its number in the stream's log, or -1. */
    public long sequence() {
        return place.sequence();
    }

    /** Counts the breaks of the stream's timeline before this packet. */
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
     * Whether the sample says itself that a decoder can begin with it. Looks into the sample, so this is for those who have
     * waited long for a key frame.
     */
    public boolean isRecoveryPoint() {
        return track.config() instanceof VideoConfig video && video.isRecoveryPoint(sample());
    }

    /** Whether it is news for players of FLV only: a frame without a sample. */
    public boolean isEmpty() {
        return sampleOffset >= body.readableBytes();
    }

    /** Tag header and sample; borrowed: readers use absolute indices or a duplicate. */
    public ByteBuf body() {
        return body;
    }

    /** Where the sample begins, counted from the body's reader index. */
    public int sampleOffset() {
        return sampleOffset;
    }

    /** The sample alone, as a view that begins at its reader index and has the indices of the body's memory; borrowed. */
    public ByteBuf sample() {
        return body.duplicate().skipBytes(sampleOffset);
    }

    /** Gives the body back; for its owner alone. */
    public void release() {
        body.release();
    }
}
