package xiu.segment.window;

import xiu.segment.format.SegmentDraft;

/**
 * A segment that was cut from a stream and has no number yet.
 *
 * @param draft owned by the receiver
 * @param duration µs
 * @param wallMillis when its first frame came, ms since 1970
 * @param discontinuity it does not continue the segment before
 * @param independent it can be decoded without the segment before
 */
public record SegmentCut(
        SegmentDraft draft, long duration, long wallMillis, boolean discontinuity, boolean independent) {}
