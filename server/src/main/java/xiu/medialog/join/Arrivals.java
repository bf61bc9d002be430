package xiu.medialog.join;

import java.util.List;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * Which kinds of track a stream really has. Metadata and sequence headers announce tracks, some of which never come.
 * For the first seconds of a publisher all announced tracks count, because they may still come; after that only what
 * has come. Written by the stream's writer; any thread reads.
 */
public final class Arrivals {
    /** How long announcements count, µs. */
    static final long PROMISE = 6_000_000;
    /**
     * A kind of track that has not come for this long counts as missing, unless a reader that begins earlier still gets
     * some of it, µs.
     */
    static final long RECENT = 10_000_000;
    /** Times are stored in steps, because a volatile write for each packet of many streams is expensive, µs. */
    private static final long STEP = 250_000;

    private static final long UNKNOWN = Long.MIN_VALUE / 2;

    private volatile long first = UNKNOWN;
    private volatile long newest = UNKNOWN;
    private volatile long newestVideo = UNKNOWN;
    private volatile long newestAudio = UNKNOWN;

    /** Another publisher follows, with announcements of its own. */
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

    /** Whether only what has come counts, because the time for announcements is over. */
    public boolean isDecided() {
        long begin = first;
        return begin != UNKNOWN && newest - begin >= PROMISE;
    }

    /**
     * Whether there is this kind of track for a reader that begins at {@code from}, µs: it has come since then, or
     * lately. All kinds count until {@link #isDecided()}.
     */
    public boolean has(TrackKind kind, long from) {
        long arrived = switch (kind) {
            case VIDEO -> newestVideo;
            case AUDIO -> newestAudio;
            case DATA -> Long.MAX_VALUE;
        };
        return !isDecided() || arrived >= Math.min(from, newest - RECENT);
    }

    /** Those of these tracks that come for a reader that begins at {@code from}, µs. */
    public List<Track> arrived(List<Track> tracks, long from) {
        return isDecided()
                ? tracks.stream().filter(track -> has(track.kind(), from)).toList()
                : tracks;
    }

    /** The results of {@link #has} for a reader that begins at {@code from}, µs, as one number to compare. */
    public int shape(long from) {
        int shape = isDecided() ? 1 : 0;
        shape |= has(TrackKind.VIDEO, from) ? 2 : 0;
        return shape | (has(TrackKind.AUDIO, from) ? 4 : 0);
    }
}
