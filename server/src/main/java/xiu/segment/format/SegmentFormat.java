package xiu.segment.format;

import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import xiu.media.Track;
import xiu.media.TrackKind;

/** What segments are made of. Has no state; any thread. */
public interface SegmentFormat {
    /** What HTTP calls a segment. */
    String mediaType();

    /** How the names of segments end, with the dot. */
    String suffix();

    /** Whether segments can hold the track. */
    boolean carries(Track track);

    /** Makes segments of one stream; takes its memory from {@code allocator}. */
    SegmentMuxer open(ByteBufAllocator allocator);

    /** Whether there is media, but none that segments can hold. */
    default boolean carriesNone(List<Track> tracks) {
        boolean media = false;
        for (Track track : tracks) {
            if (carries(track)) {
                return false;
            }
            media |= track.kind() != TrackKind.DATA;
        }
        return media;
    }
}
