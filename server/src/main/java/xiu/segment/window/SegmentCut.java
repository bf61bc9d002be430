package xiu.segment.window;

import xiu.segment.format.SegmentDraft;

/**
 * What was cut out of a stream, before it has a number.
 *
 * @param draft the receiver's
 * @param duration µs
 * @param wallMillis when its first frame came, ms since 1970
 * @param discontinuity it does not continue the segment before
 * @param independent it can be decoded without the segment before
 */
public record SegmentCut(
        SegmentDraft draft, long duration, long wallMillis, boolean discontinuity, boolean independent) {}
