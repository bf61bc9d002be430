package xiu.medialog;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.media.WireFormat;
import xiu.medialog.join.Arrivals;

/** A place in a {@link ByteLog} where a reader can begin: a key frame, or a substitute. Guarded by the log. */
final class Mark {
    private final Start place;
    private final long time;
    private final boolean picture;
    private final List<Track> tracks;
    private @Nullable Preamble preamble;

    /**
     * What is sent before the packets. It is the same for all readers until {@code shape} or {@code newest} differ.
     *
     * @param shape which kinds of track it announces
     * @param newest the tracks at the end of the log when it was made
     * @param first for a new reader
     * @param again for a reader that has skipped
     */
    private record Preamble(int shape, List<Track> newest, byte[] first, byte[] again) {}

    /**
     * The place itself.
     *
     * @param afterSkip what the format has to send first here to a reader that has skipped
     */
    record Start(ByteChunk chunk, int offset, byte[] afterSkip) {}

    /**
     * A mark at which these tracks are valid.
     *
     * @param picture whether a picture begins there, and not audio alone
     */
    Mark(Start place, long time, boolean picture, List<Track> tracks) {
        this.place = place;
        this.time = time;
        this.picture = picture;
        this.tracks = tracks;
    }

    ByteChunk chunk() {
        return place.chunk;
    }

    long position() {
        return place.chunk.base() + place.offset;
    }

    long time() {
        return time;
    }

    boolean isPicture() {
        return picture;
    }

    /**
     * The point for one reader, or null when the chunk is gone.
     *
     * @param newest the tracks that are valid at the end of the log
     */
    @Nullable
    JoinPoint join(WireFormat format, Arrivals arrivals, List<Track> newest) {
        int shape = arrivals.shape(time);
        Preamble made = preamble;
        if (made == null || made.shape != shape || made.newest != newest) {
            made = preamble(format, arrivals, shape, newest);
            preamble = made;
        }
        // Last, so that nothing is retained when the format fails.
        return place.chunk.tryRetain() ? new JoinPoint(place.chunk, place.offset, made.first, made.again) : null;
    }

    private Preamble preamble(WireFormat format, Arrivals arrivals, int shape, List<Track> newest) {
        List<Track> all = tracks;
        for (Track track : newest) {
            boolean known = tracks.stream().anyMatch(other -> other.id() == track.id());
            all = known ? all : Track.replaced(all, track);
        }
        List<Track> announced = all;
        List<Track> configured = tracks;
        if (arrivals.isDecided()) {
            Set<TrackKind> kinds = EnumSet.noneOf(TrackKind.class);
            all.stream()
                    .map(Track::kind)
                    .filter(kind -> arrivals.has(kind, time))
                    .forEach(kinds::add);
            announced = announced(all, kinds, format);
            configured = announced(tracks, kinds, format);
        }
        ByteBuf out = Unpooled.buffer(1024);
        try {
            format.begin(announced, out);
            configurations(format, configured, out);
            byte[] first = ByteBufUtil.getBytes(out);
            out.clear().writeBytes(place.afterSkip);
            configurations(format, configured, out);
            return new Preamble(shape, newest, first, ByteBufUtil.getBytes(out));
        } finally {
            out.release();
        }
    }

    private void configurations(WireFormat format, List<Track> configured, ByteBuf out) {
        for (Track track : configured) {
            format.configuration(track, time, out);
        }
    }

    private static List<Track> announced(List<Track> tracks, Set<TrackKind> kinds, WireFormat format) {
        return tracks.stream()
                .filter(track -> track.kind() == TrackKind.DATA || kinds.contains(track.kind()))
                .map(track -> format.announced(track, kinds))
                .toList();
    }
}
