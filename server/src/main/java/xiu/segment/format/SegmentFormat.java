package xiu.segment.format;

import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import xiu.media.Track;
import xiu.media.TrackKind;

/** The container format of segments. Has no state; any thread. */
public interface SegmentFormat {
    /** The media type of a segment. */
    String mediaType();

    /** The suffix of the names of segments, with the dot. */
    String suffix();

    /** Whether segments can hold the track. */
    boolean carries(Track track);

    /** A muxer for one stream, which takes its memory from {@code allocator}. */
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
