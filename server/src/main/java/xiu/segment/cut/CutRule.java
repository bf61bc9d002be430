package xiu.segment.cut;

import java.time.Duration;

/**
 * Decides when a segment has to end, and the target duration. EXT-X-TARGETDURATION must cover every segment and must
 * never change (RFC 8216 §4.3.3.1, §6.2.1), while the encoder's key frames are not known in advance. So the first
 * regular segment, which ends at the first key frame after the fragment duration, decides the target; every later one
 * is ended before it would round to more. Times in µs.
 */
public final class CutRule {
    private static final long SECOND = 1_000_000;
    /** No segment is longer, whatever the encoder does; covers the usual key frame interval of 250 frames. */
    private static final long LONGEST = 12 * SECOND;
    /** A segment this much longer than a whole number of seconds may still be announced as that number. */
    private static final long OVERHANG = 50_000;
    /** EXTINF is rounded to the nearest second when compared, so this much more than the target is allowed. */
    private static final long ROUNDING = 499_000;
    /** The part of the rounding that is left for frames that come late. */
    private static final long MARGIN = 50_000;

    /** After this many irregular segments the target is decided by them. */
    private static final int IRREGULAR = 3;

    private final long fragment;
    private final long audioFragment;
    private long longestSeen;
    private int segments;
    private int target;

    /**
     * A rule before the first segment.
     *
     * @param fragment how long segments should last
     * @param audioRatio how much longer those without video last
     */
    public CutRule(Duration fragment, double audioRatio) {
        this.fragment = fragment.toNanos() / 1000;
        this.audioFragment = (long) (this.fragment * audioRatio);
    }

    /** The target duration in seconds; 0 until it is decided. */
    public int target() {
        return target;
    }

    /** How long segments should last. */
    public long fragment() {
        return fragment;
    }

    /** A segment of this duration has ended; a regular one, or enough others, decide the target. */
    public void done(long duration, boolean regular) {
        longestSeen = Math.max(longestSeen, duration);
        segments++;
        if (regular || segments == IRREGULAR) {
            decideTarget();
        }
    }

    /** Decides the target by the segments so far, unless it is decided. */
    public void decideTarget() {
        if (target == 0) {
            target = (int) Math.ceilDiv(Math.max(fragment, longestSeen) - OVERHANG, SECOND);
            target = Math.max(target, 1);
        }
    }

    /** A segment that would last longer must be ended now. */
    public long limit() {
        return hardLimit() - MARGIN;
    }

    /** A segment that lasts longer contradicts the playlist. */
    public long hardLimit() {
        return target == 0 ? Math.max(LONGEST, 3 * Math.max(fragment, audioFragment)) : target * SECOND + ROUNDING;
    }

    /**
     * Whether a segment ends where a decoder can begin: it has its duration, or the next such place might come too late.
     *
     * @param longestGop the longest distance of such places seen so far
     */
    public boolean endsAtEntry(long elapsed, long longestGop) {
        long rounding = Math.min(100_000, fragment / 10);
        // Places that are farther apart than a segment may last come too late in any case.
        boolean late = longestGop <= limit() && elapsed + longestGop > limit();
        return elapsed >= fragment - rounding || elapsed >= fragment / 4 && late;
    }

    /** Whether a segment without video ends. */
    public boolean endsAtAudio(long elapsed) {
        return elapsed >= Math.min(audioFragment, limit() - SECOND / 10);
    }
}
