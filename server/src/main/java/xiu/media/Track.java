package xiu.media;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import xiu.codec.CodecConfig;

/**
 * One elementary stream and its decoder configuration. Immutable; a changed configuration is a new {@code Track} with
 * the same {@code id}. Two tracks are the same when their fields are equal, the header byte for byte.
 *
 * @param id unique in the stream; a later track with the same id replaces the earlier one
 * @param kind what it carries
 * @param config what a decoder needs
 * @param header the FLV tag body that carries the configuration (sequence header, {@code onMetaData}), exactly as
 *     published; empty when the codec needs none. An unpooled, read-only heap buffer that is never released; readers
 *     use absolute indices or {@code duplicate()}
 */
public record Track(int id, TrackKind kind, CodecConfig config, ByteBuf header) {
    /** The id of the metadata track. */
    public static final int METADATA_ID = 0;
    /** The id of the first (usually the only) video track. */
    public static final int VIDEO_ID = 1;
    /** The id of the first (usually the only) audio track. */
    public static final int AUDIO_ID = 2;

    /** These tracks with {@code newer} in the place of the one with its id, in the order of their ids. */
    public static List<Track> replaced(List<Track> tracks, Track newer) {
        List<Track> changed = new ArrayList<>(tracks);
        changed.removeIf(known -> known.id() == newer.id());
        changed.add(newer);
        changed.sort(Comparator.comparingInt(Track::id));
        return List.copyOf(changed);
    }

    /**
     * The time under which the header is sent before a packet at {@code dts}, µs. Metadata holds for the whole stream
     * and stands at 0: players based on ffmpeg take metadata that stands later for a subtitle.
     */
    public long headerTime(long dts) {
        return kind == TrackKind.DATA ? 0 : dts;
    }
}
