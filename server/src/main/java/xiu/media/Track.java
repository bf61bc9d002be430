package xiu.media;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.codec.AudioConfig;
import xiu.codec.CodecConfig;
import xiu.codec.ColorConfig;
import xiu.codec.OpaqueConfig;
import xiu.codec.VideoConfig;

/**
 * One elementary stream and its decoder configuration. Immutable; a changed configuration is a new {@code Track} with
 * the same {@code id}. Two tracks are the same when their fields are equal, the header byte for byte.
 *
 * @param id unique in the stream; a later track with the same id replaces the earlier one
 * @param kind what it carries
 * @param config what a decoder needs
 * @param flvHeader the body of the FLV tag that the configuration was published in (sequence header, {@code onMetaData}),
 *     byte for byte; empty when it was published in FLV or RTMP and without such a tag. Null when it was not published in
 *     FLV or RTMP: formats that need the tag write it from the configuration. An unpooled, read-only heap buffer that is
 *     never released; readers use absolute indices or {@code duplicate()}
 */
public record Track(
        int id,
        TrackKind kind,
        CodecConfig config,
        @Nullable ByteBuf flvHeader) {
    /** The id of the metadata track. */
    public static final int METADATA_ID = 0;
    /** The id of the first (usually the only) video track. */
    public static final int VIDEO_ID = 1;
    /** The id of the first (usually the only) audio track. */
    public static final int AUDIO_ID = 2;
    /** The colour description of the first video track; it has no frames. */
    public static final int VIDEO_DESCRIPTION_ID = 3;
    /** The loudspeaker layout of the first audio track; it has no frames. */
    public static final int AUDIO_DESCRIPTION_ID = 4;

    /** The first of the ids of further video tracks; Enhanced RTMP numbers tracks from 0 to 255. */
    private static final int MORE_VIDEO_ID = 16;

    private static final int MORE_AUDIO_ID = MORE_VIDEO_ID + 256;
    private static final int END_OF_IDS = MORE_AUDIO_ID + 256;

    /** A track that was not published in FLV or RTMP. */
    public Track(int id, TrackKind kind, CodecConfig config) {
        this(id, kind, config, null);
    }

    /** The id of the video track with this number, 0 to 255. */
    public static int videoId(int number) {
        return number == 0 ? VIDEO_ID : MORE_VIDEO_ID + number;
    }

    /** The id of the audio track with this number, 0 to 255. */
    public static int audioId(int number) {
        return number == 0 ? AUDIO_ID : MORE_AUDIO_ID + number;
    }

    /** Its number among the video or audio tracks of its stream, from 0; -1 when it is none of them. */
    public int number() {
        if (id == VIDEO_ID || id == AUDIO_ID) {
            return 0;
        }
        if (id < MORE_VIDEO_ID || id >= END_OF_IDS) {
            return -1;
        }
        return id - (id < MORE_AUDIO_ID ? MORE_VIDEO_ID : MORE_AUDIO_ID);
    }

    /** Whether its packets are bodies of FLV tags, with tag headers; otherwise they are samples alone. */
    public boolean isPublishedInFlv() {
        return flvHeader != null;
    }

    /** Whether it describes another track and has no frames. */
    public boolean isDescription() {
        return id == VIDEO_DESCRIPTION_ID || id == AUDIO_DESCRIPTION_ID;
    }

    /**
     * Whether a reader that has the configuration of {@code other}, in whatever format, needs nothing more for this
     * track.
     */
    public boolean isConfiguredAs(Track other) {
        ByteBuf header = flvHeader;
        ByteBuf otherHeader = other.flvHeader;
        if (id != other.id || header == null || otherHeader == null) {
            return equals(other);
        }
        // A frame may say more than the published header, such as the size, which readers find in the frame as well.
        return header.equals(otherHeader);
    }

    /** About how many bytes of memory its configuration takes. */
    public int configurationBytes() {
        ByteBuf header = flvHeader;
        if (header != null) {
            return header.readableBytes();
        }
        ByteBuf record = Unpooled.buffer();
        switch (config) {
            case VideoConfig video -> video.write(record);
            case AudioConfig audio -> audio.write(record);
            case ColorConfig color -> {}
            case OpaqueConfig opaque -> {}
        }
        return record.readableBytes();
    }

    /** These tracks with {@code newer} in the place of the one with its id, in the order of their ids. */
    public static List<Track> replaced(List<Track> tracks, Track newer) {
        List<Track> changed = new ArrayList<>(tracks);
        changed.removeIf(known -> known.id() == newer.id());
        changed.add(newer);
        changed.sort(Comparator.comparingInt(Track::id));
        return List.copyOf(changed);
    }

    /**
     * The time with which the header is sent before a packet at {@code dts}, µs. Metadata is valid for the whole stream
     * and has time 0: players based on ffmpeg treat metadata with a later time as a subtitle.
     */
    public long headerTime(long dts) {
        return kind == TrackKind.DATA ? 0 : dts;
    }
}
