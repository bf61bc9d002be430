package xiu.medialog.join;

import java.util.List;
import xiu.media.Track;
import xiu.media.TrackKind;

/** Which configurations hold at the end of a log, and which of them some readers have not got. Guarded by the log. */
public final class Configurations {
    private List<Track> current = List.of();
    /** Kinds of track whose configuration some reader did not get, because nothing of them had come for long: a bit each. */
    private int withheld;

    /** The tracks as of now. */
    public List<Track> current() {
        return current;
    }

    /** Another publisher follows, whose configuration must be sent again. */
    public void restart() {
        current = List.of();
        withheld = 0;
    }

    /** From here on this track holds; returns whether readers have all that a format says of it. */
    public boolean replace(Track track) {
        boolean sent = current.stream().anyMatch(track::isConfiguredAs);
        current = Track.replaced(current, track);
        return sent;
    }

    /** Whether it is one of the current tracks, by identity: equality would compare the configurations of each packet's track. */
    public boolean holds(Track track) {
        // Per packet, so without an iterator.
        for (int i = 0; i < current.size(); i++) {
            if (current.get(i) == track) {
                return true;
            }
        }
        return false;
    }

    /** A reader begins at {@code time}, who is not told of the tracks that have not come for long. */
    public void joined(long time, Arrivals arrivals) {
        for (Track track : current) {
            withheld |= arrivals.has(track.kind(), time) ? 0 : bit(track.kind());
        }
    }

    /** Whether some reader has not been told of this kind of track. */
    public boolean isWithheld(TrackKind kind) {
        return withheld != 0 && (withheld & bit(kind)) != 0;
    }

    /** All readers are told of this kind of track now: these are they. */
    public List<Track> release(TrackKind kind) {
        withheld &= ~bit(kind);
        return current.stream().filter(track -> track.kind() == kind).toList();
    }

    private static int bit(TrackKind kind) {
        return 1 << kind.ordinal();
    }
}
