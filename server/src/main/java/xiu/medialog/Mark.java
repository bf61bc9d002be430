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

/** A place in a {@link ByteLog} where a reader can begin: a key frame, or what stands for one. Guarded by the log. */
final class Mark {
    private final Start place;
    private final long time;
    private final boolean picture;
    private final List<Track> tracks;
    private @Nullable Preamble preamble;

    /** What is sent before the packets, the same for all readers as long as what it was made of stays so. */
    private record Preamble(int shape, List<Track> newest, byte[] first, byte[] again) {}

    /**
     * Where it is.
     *
     * @param afterSkip what a reader gets there first who has read before and left something out
     */
    record Start(ByteChunk chunk, int offset, byte[] afterSkip) {}

    /** A mark where these tracks hold; {@code picture}: not sound alone begins there. */
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
     * @param newest the tracks that hold at the end of the log
     */
    @Nullable
    JoinPoint join(WireFormat format, Arrivals arrivals, List<Track> newest) {
        int shape = arrivals.shape(time);
        Preamble made = preamble;
        if (made == null || made.shape != shape || made.newest != newest) {
            made = preamble(format, arrivals, shape, newest);
            preamble = made;
        }
        // Last, so that a format that fails leaves no hold behind.
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
        if (arrivals.areSettled()) {
            Set<TrackKind> kinds = EnumSet.noneOf(TrackKind.class);
            all.stream()
                    .map(Track::kind)
                    .filter(kind -> arrivals.has(kind, time))
                    .forEach(kinds::add);
            announced = settled(all, kinds, format);
            configured = settled(tracks, kinds, format);
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

    private static List<Track> settled(List<Track> tracks, Set<TrackKind> kinds, WireFormat format) {
        return tracks.stream()
                .filter(track -> track.kind() == TrackKind.DATA || kinds.contains(track.kind()))
                .map(track -> format.settled(track, kinds))
                .toList();
    }
}
