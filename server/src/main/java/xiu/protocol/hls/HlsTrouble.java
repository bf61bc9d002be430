package xiu.protocol.hls;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import xiu.codec.AacConfig;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.segment.format.SegmentFormat;

/**
 * Logs what HLS leaves out of one stream: each codec of a track once, and once that frames are missing. Confined to the
 * stream's executor.
 */
final class HlsTrouble {
    /** Most lines for codecs, because a publisher may change its codec without end. */
    private static final int MOST_LINES = 8;

    private final Logger log;
    private final String stream;
    private final SegmentFormat format;
    private final Set<String> said = new HashSet<>();
    private boolean framesSaid;

    HlsTrouble(Logger log, String stream, SegmentFormat format) {
        this.log = log;
        this.stream = stream;
        this.format = format;
    }

    /** Logs those of the current tracks that are left out. */
    void tracks(List<Track> tracks) {
        for (Track track : tracks) {
            String reason = reason(track);
            if (reason != null
                    && said.size() < MOST_LINES
                    && said.add(track.id() + track.config().codecName())) {
                log.info(
                        "event=hls_track_left_out stream={} track={} kind={} codec={} reason=\"{}\"",
                        stream,
                        track.id(),
                        track.kind() == TrackKind.VIDEO ? "video" : "audio",
                        track.config().codecName(),
                        reason);
            }
        }
    }

    /** Logs once that there are frames that could not be read, or packets that the log lost before they were read. */
    void frames(long malformed, long skipped) {
        if ((malformed > 0 || skipped > 0) && !framesSaid) {
            framesSaid = true;
            log.info("event=hls_trouble stream={} malformed_frames={} skipped_packets={}", stream, malformed, skipped);
        }
    }

    /** Why HLS does not carry the track; null when it does, or when there is nothing in it to see or hear. */
    private @Nullable String reason(Track track) {
        boolean first = track.id() == Track.VIDEO_ID || track.id() == Track.AUDIO_ID;
        if (track.kind() == TrackKind.DATA || track.isDescription() || first && format.carries(track)) {
            return null;
        }
        if (!first) {
            return "one video and one audio track are carried";
        }
        return track.config() instanceof AacConfig
                ? "ADTS has no field for this AAC configuration"
                : "MPEG-TS does not carry this codec here, or its configuration cannot be read";
    }
}
