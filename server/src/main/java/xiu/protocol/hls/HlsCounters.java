package xiu.protocol.hls;

import xiu.metrics.Counter;
import xiu.metrics.Registry;

/**
 * The counters of HLS for all its streams. Any thread.
 *
 * @param segments segments that were cut
 * @param segmentBytes their bytes
 * @param playlistsServed answers with a playlist
 * @param segmentsServed answers with a segment
 */
record HlsCounters(Counter segments, Counter segmentBytes, Counter playlistsServed, Counter segmentsServed) {
    /** Counters at zero. */
    HlsCounters() {
        this(new Counter(), new Counter(), new Counter(), new Counter());
    }

    void register(Registry registry) {
        registry.counter("xiu_hls_segments_total", "Segments that were cut", segments);
        registry.counter("xiu_hls_segment_bytes_total", "Bytes of the segments that were cut", segmentBytes);
        registry.counter("xiu_hls_playlists_served_total", "Requests answered with a playlist", playlistsServed);
        registry.counter("xiu_hls_segments_served_total", "Requests answered with a segment", segmentsServed);
    }
}
