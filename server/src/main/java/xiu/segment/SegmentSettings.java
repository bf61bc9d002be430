package xiu.segment;

import java.time.Duration;
import xiu.segment.window.WindowSettings;

/**
 * How one stream is cut, and how much of it is kept.
 *
 * @param fragment how long segments should last
 * @param audioRatio how many times longer those without video last
 * @param segmentBytes longest segment, in bytes; a longer one is cut there
 * @param window what is kept
 */
public record SegmentSettings(Duration fragment, double audioRatio, long segmentBytes, WindowSettings window) {}
