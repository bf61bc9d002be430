package xiu.segment.window;

/**
 * How many segments of one stream are kept.
 *
 * @param listed segments in a live playlist
 * @param bytes of all segments that are kept; the oldest go first
 * @param shownElsewhere whether the segments are also listed elsewhere, so that all of them count as shown
 */
public record WindowSettings(int listed, long bytes, boolean shownElsewhere) {}
