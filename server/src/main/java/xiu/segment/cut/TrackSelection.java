package xiu.segment.cut;

import org.jspecify.annotations.Nullable;
import xiu.media.Track;

/**
 * The tracks of the current sequence of segments. From one discontinuity to the next they stay the same (RFC 8216
 * §4.3.2.3), even while one of them pauses.
 */
public final class TrackSelection {
    private static final int NONE = 0;

    private int video;
    private @Nullable Track audio;
    private boolean wanted;

    /** A new sequence, with the pictures of this number or, with 0, without any. */
    public void restart(int newVideo) {
        video = newVideo;
        audio = null;
        wanted = false;
    }

    public boolean withVideo() {
        return video != NONE;
    }

    public boolean hasVideo(int pictures) {
        return pictures == video;
    }

    /** Whether this audio belongs to the sequence; it may join one whose first segment is open. */
    public boolean hasAudio(Track track, boolean mayJoin) {
        if (audio == null && mayJoin || track != audio && track.equals(audio)) {
            audio = track;
        }
        wanted |= track != audio;
        return track == audio;
    }

    /** Audio was refused: the next segment begins a sequence that has it. */
    public boolean mustChange() {
        return wanted;
    }
}
