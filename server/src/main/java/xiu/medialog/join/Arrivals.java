package xiu.medialog.join;

import java.util.List;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * Which kinds of track a stream really has. Metadata and sequence headers are promises, and some are never kept: for the
 * first seconds of a publisher they count, because what they announce may still come; afterwards only what comes does.
 * Written by the stream's writer; any thread reads.
 */
public final class Arrivals {
    /** How long a promise counts, µs. */
    static final long PROMISE = 6_000_000;
    /** What has not come for so long does not come any more, unless a reader that begins further back still gets some, µs. */
    static final long RECENT = 10_000_000;
    /** Times are noted in steps, because a volatile write for each packet of many streams would be felt, µs. */
    private static final long STEP = 250_000;

    private static final long UNKNOWN = Long.MIN_VALUE / 2;

    private volatile long first = UNKNOWN;
    private volatile long newest = UNKNOWN;
    private volatile long newestVideo = UNKNOWN;
    private volatile long newestAudio = UNKNOWN;

    /** Another publisher follows, with promises of its own. */
    public void restart() {
        newestVideo = UNKNOWN;
        newestAudio = UNKNOWN;
        newest = UNKNOWN;
        first = UNKNOWN;
    }

    /** A packet has come. */
    public void took(MediaPacket packet) {
        if (packet.isEmpty()) {
            return;
        }
        long time = packet.dts();
        switch (packet.track().kind()) {
            case VIDEO -> {
                if (time - newestVideo >= STEP) {
                    newestVideo = time;
                }
            }
            case AUDIO -> {
                if (time - newestAudio >= STEP) {
                    newestAudio = time;
                }
            }
            case DATA -> {
                return;
            }
        }
        if (time - newest >= STEP) {
            newest = time;
            first = first == UNKNOWN ? time : first;
        }
    }

    /** Whether promises do not count any more. */
    public boolean areSettled() {
        long begin = first;
        return begin != UNKNOWN && newest - begin >= PROMISE;
    }

    /**
     * Whether there is this kind of track for a reader that begins at {@code from}, µs: it has come since, or a moment ago.
     * Everything counts until {@link #areSettled()}.
     */
    public boolean has(TrackKind kind, long from) {
        long arrived = switch (kind) {
            case VIDEO -> newestVideo;
            case AUDIO -> newestAudio;
            case DATA -> Long.MAX_VALUE;
        };
        return !areSettled() || arrived >= Math.min(from, newest - RECENT);
    }

    /** Those of these tracks that there are for a reader who begins at {@code from}, µs. */
    public List<Track> arrived(List<Track> tracks, long from) {
        return areSettled()
                ? tracks.stream().filter(track -> has(track.kind(), from)).toList()
                : tracks;
    }

    /** All that {@link #has} says for a reader that begins at {@code from}, µs, as a number to compare. */
    public int shape(long from) {
        int shape = areSettled() ? 1 : 0;
        shape |= has(TrackKind.VIDEO, from) ? 2 : 0;
        return shape | (has(TrackKind.AUDIO, from) ? 4 : 0);
    }
}
