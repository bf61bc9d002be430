package xiu.medialog.join;

import java.util.List;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * The configurations that are valid at the end of a log, and which of them some readers have not got. Guarded by the
 * log.
 */
public final class Configurations {
    private List<Track> current = List.of();
    /**
     * Kinds of track whose configuration some reader did not get, because that kind had not come for long: one bit for
     * each kind.
     */
    private int withheld;

    /** The current tracks. */
    public List<Track> current() {
        return current;
    }

    /** Another publisher follows, whose configurations must be sent again. */
    public void restart() {
        current = List.of();
        withheld = 0;
    }

    /** A track is valid from here on; returns whether readers need no new configuration for it. */
    public boolean replace(Track track) {
        boolean sent = current.stream().anyMatch(track::isConfiguredAs);
        current = Track.replaced(current, track);
        return sent;
    }

    /**
     * Whether it is one of the current tracks. Compared by identity: equality would compare the configurations for each
     * packet.
     */
    public boolean holds(Track track) {
        // Per packet, so without an iterator.
        for (int i = 0; i < current.size(); i++) {
            if (current.get(i) == track) {
                return true;
            }
        }
        return false;
    }

    /** A reader begins at {@code time}, which does not get the configurations of tracks that have not come for long. */
    public void joined(long time, Arrivals arrivals) {
        for (Track track : current) {
            withheld |= arrivals.has(track.kind(), time) ? 0 : bit(track.kind());
        }
    }

    /** Whether some reader has not got the configuration of this kind of track. */
    public boolean isWithheld(TrackKind kind) {
        return withheld != 0 && (withheld & bit(kind)) != 0;
    }

    /** The tracks of this kind, whose configurations all readers get now. */
    public List<Track> release(TrackKind kind) {
        withheld &= ~bit(kind);
        return current.stream().filter(track -> track.kind() == kind).toList();
    }

    private static int bit(TrackKind kind) {
        return 1 << kind.ordinal();
    }
}
