package xiu.segment;

import xiu.bytes.MalformedDataException;
import xiu.media.MediaPacket;
import xiu.media.TrackKind;
import xiu.segment.format.SegmentDraft;
import xiu.segment.format.SegmentMuxer;
import xiu.segment.window.Segment;
import xiu.segment.window.SegmentWindow;

/**
 * The segment that is open: takes packets in the container's form and counts those that it does not carry. Where it begins
 * and ends is decided elsewhere. Confined to one thread.
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

    /** Begins a segment; {@code restart}: it does not continue the last one. */
    void begin(boolean restart, boolean withVideo) {
        muxer.begin(restart, withVideo);
        frames = 0;
        videoSeen = false;
        independent = true;
    }

    /** Adds a packet; false when there is nothing to be seen or heard in it. Borrows it. */
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

    /** Leaves a packet out, which may bring what later ones need. Borrows it. */
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

    /** Ends the segment; the draft is the caller's. */
    SegmentDraft finish() {
        return muxer.finish();
    }

    /** Forgets the segment, and gives its memory back. */
    void discard() {
        muxer.discard();
    }
}
