package xiu.segment;

import xiu.bytes.MalformedDataException;
import xiu.media.MediaPacket;
import xiu.media.TrackKind;
import xiu.segment.format.SegmentDraft;
import xiu.segment.format.SegmentMuxer;
import xiu.segment.window.Segment;
import xiu.segment.window.SegmentWindow;

/**
 * The open segment: takes packets in the container's form and counts those that it cannot carry. Where it begins and
 * ends is decided by {@link Segmenter}. Confined to one thread.
 */
final class SegmentWriter {
    private final SegmentMuxer muxer;
    private final String stream;
    private final long mostBytes;
    private int frames;
    private boolean videoSeen;
    private boolean independent;
    private long malformed;

    /** {@code stream}: its name, for the log. */
    SegmentWriter(String stream, long mostBytes, SegmentMuxer muxer) {
        this.stream = stream;
        this.mostBytes = mostBytes;
        this.muxer = muxer;
    }

    /** Begins a segment; {@code restart}: it does not continue the previous one. */
    void begin(boolean restart, boolean withVideo) {
        muxer.begin(restart, withVideo);
        frames = 0;
        videoSeen = false;
        independent = true;
    }

    /** Adds a packet; false when there is no picture or audio in it. Borrows it. */
    boolean write(MediaPacket packet) {
        boolean written = false;
        try {
            written = muxer.write(packet);
        } catch (MalformedDataException e) {
            malformed++;
        }
        if (written) {
            frames++;
            if (packet.track().kind() == TrackKind.VIDEO) {
                independent &= videoSeen || packet.keyFrame();
                videoSeen = true;
            }
        }
        return written;
    }

    /** Leaves a packet out, but reads parameter sets from it that later ones need. Borrows it. */
    void omit(MediaPacket packet) {
        try {
            muxer.omit(packet);
        } catch (MalformedDataException e) {
            malformed++;
        }
    }

    /** Whether the segment has to end before this packet, because of its bytes or of the memory that it holds. */
    boolean isFull(MediaPacket packet) {
        boolean full = frames > 0
                && (muxer.bytes() + packet.sampleBytes() > mostBytes || muxer.memory() > mostBytes * Segment.MOST_HELD);
        if (full) {
            SegmentWindow.LINES.happened(
                    "limit_hls_segment_bytes",
                    stream,
                    "cut at " + muxer.bytes() + " bytes, " + muxer.memory() + " held");
        }
        return full;
    }

    boolean isEmpty() {
        return frames == 0;
    }

    /** Whether it can be decoded without the segment before. */
    boolean isIndependent() {
        return independent;
    }

    /** Packets that could not be carried. */
    long malformed() {
        return malformed;
    }

    /** Ends the segment; the caller owns the draft. */
    SegmentDraft finish() {
        return muxer.finish();
    }

    /** Drops the segment, and releases its memory. */
    void discard() {
        muxer.discard();
    }
}
