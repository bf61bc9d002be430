package xiu.segment.window;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import org.jspecify.annotations.Nullable;
import xiu.segment.format.SegmentDraft;
import xiu.transport.memory.HeldBuffers;

/**
 * One finished segment. It is a draft until its bytes are asked for, which are then made once, for all requests. Any
 * thread; the window holds it until it may be released.
 */
public final class Segment {
    /**
     * A draft holds the buffers that its packets came in. It may hold this many times its size, and the slack; when
     * other data of the stream makes it more, the bytes are made at once.
     */
    public static final int MOST_HELD = 4;

    private static final int SLACK = 64 << 10;

    private final long number;
    private final long duration;
    private final long wallMillis;
    private final boolean discontinuity;
    private final boolean independent;
    private final int size;
    /** Guarded by this segment; null when the bytes were made, or the segment was released. */
    private @Nullable SegmentDraft draft;

    private volatile @Nullable ByteBuf ready;

    /** Takes over the draft of {@code cut}. */
    public Segment(long number, SegmentCut cut) {
        this.number = number;
        this.duration = cut.duration();
        this.wallMillis = cut.wallMillis();
        this.discontinuity = cut.discontinuity();
        this.independent = cut.independent();
        this.draft = cut.draft();
        this.size = cut.draft().size();
        if (cut.draft().memory() > (long) size * MOST_HELD + SLACK) {
            makeReady();
        }
    }

    private @Nullable ByteBuf ready() {
        ByteBuf known = ready;
        return known == null ? makeReady() : known;
    }

    /** Takes a millisecond at most for a usual segment, so other requests may wait for the monitor. */
    private synchronized @Nullable ByteBuf makeReady() {
        SegmentDraft unmade = draft;
        if (unmade != null) {
            draft = null;
            ready = HeldBuffers.of(unmade.make());
        }
        return ready;
    }

    /** Its number in the stream: one more than that of the segment before. */
    public long number() {
        return number;
    }

    /** Its duration, µs. */
    public long duration() {
        return duration;
    }

    /** When its first frame came, ms since 1970. */
    public long wallMillis() {
        return wallMillis;
    }

    /** Whether it does not continue the segment before. */
    public boolean discontinuity() {
        return discontinuity;
    }

    /** Whether it can be decoded without the segment before. */
    public boolean independent() {
        return independent;
    }

    /** Its size, bytes. */
    public int size() {
        return size;
    }

    /** Its bytes, retained; null when it was released. */
    public @Nullable ByteBuf tryRetain() {
        ByteBuf now = ready();
        return now != null && retained(now) ? now : null;
    }

    private static boolean retained(ByteBuf bytes) {
        try {
            bytes.retain();
            return true;
        } catch (IllegalReferenceCountException gone) {
            return false;
        }
    }

    /** Releases the memory. What slow readers still hold of it is counted until they have read it, or are closed. */
    synchronized void release() {
        SegmentDraft unmade = draft;
        ByteBuf made = ready;
        draft = null;
        ready = null;
        if (unmade != null) {
            unmade.release();
        } else if (made != null) {
            HeldBuffers.ofProcess().release(made);
        }
    }
}
