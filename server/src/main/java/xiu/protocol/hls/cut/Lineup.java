package xiu.protocol.hls.cut;

import org.jspecify.annotations.Nullable;
import xiu.media.Track;

/** The tracks of the current sequence of segments: from one discontinuity to the next they stay the same. */
public final class Lineup {
    /** Segments without a frame of a track after which it is no longer listed. */
    private static final int ABSENCES = 3;

    private @Nullable Track video;
    private @Nullable Track audio;
    private boolean audioSeen;
    private boolean wanted;
    private int withoutVideo;
    private int withoutAudio;

    /** A new sequence, with this video or with none. */
    public void restart(@Nullable Track newVideo) {
        video = newVideo;
        audio = null;
        audioSeen = false;
        wanted = false;
        withoutVideo = 0;
        withoutAudio = 0;
    }

    public boolean withVideo() {
        return video != null;
    }

    public boolean hasVideo(Track track) {
        if (track != video && track.equals(video)) {
            video = track;
        }
        return track == video;
    }

    /** Whether this audio belongs to the sequence; it may join one whose first segment is open. */
    public boolean hasAudio(Track track, boolean mayJoin) {
        if (audio == null && mayJoin || track != audio && track.equals(audio)) {
            audio = track;
        }
        wanted |= track != audio;
        return track == audio;
    }

    public void tookAudio() {
        audioSeen = true;
        withoutAudio = 0;
    }

    public void tookVideo() {
        withoutVideo = 0;
    }

    /** Audio was turned away: the next key frame begins a sequence with it. */
    public boolean mustChange() {
        return wanted;
    }

    public void segmentDone(boolean videoSeen) {
        withoutVideo = videoSeen ? 0 : withoutVideo + 1;
        withoutAudio = audioSeen ? 0 : withoutAudio + 1;
        audioSeen = false;
    }

    public boolean isDeserted() {
        return video != null && withoutVideo >= ABSENCES || audio != null && withoutAudio >= ABSENCES;
    }

    public void dropDeserted() {
        if (withoutVideo >= ABSENCES) {
            video = null;
        }
        if (withoutAudio >= ABSENCES) {
            audio = null;
        }
    }
}
