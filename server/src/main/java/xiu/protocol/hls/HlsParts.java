package xiu.protocol.hls;

import org.jspecify.annotations.Nullable;
import xiu.protocol.hls.disk.HlsDisk;
import xiu.segment.SegmentParts;
import xiu.settings.Live;

/**
 * What the streams of one service share.
 *
 * @param counters what they count together
 * @param disk null: nothing is written
 */
record HlsParts(
        Live<HlsSettings> settings,
        SegmentParts segments,
        HlsCounters counters,
        @Nullable HlsDisk disk) {}
