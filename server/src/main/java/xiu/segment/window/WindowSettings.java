package xiu.segment.window;

/**
 * How many segments of one stream are kept.
 *
 * @param listed segments in a live playlist
 * @param bytes of all segments that are kept; the oldest go first
 * @param shownElsewhere whether others also list what is kept here, so that it stays as if everybody had seen it
 */
public record WindowSettings(int listed, long bytes, boolean shownElsewhere) {}
