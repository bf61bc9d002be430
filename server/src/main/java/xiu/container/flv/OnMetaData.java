package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import xiu.bytes.MalformedDataException;
import xiu.container.flv.amf.AmfFields;
import xiu.container.flv.amf.AmfReader;
import xiu.container.flv.amf.AmfValue;
import xiu.container.flv.amf.AmfWriter;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * The script data that describes a stream (Adobe FLV specification 10.1 §E.5). RTMP publishers wrap it in
 * {@code @setDataFrame}, an instruction to the server to keep it for late players.
 */
public final class OnMetaData {
    /** The name that precedes the metadata. */
    public static final String NAME = "onMetaData";

    private static final byte[] ON_META_DATA = name(NAME);
    private static final byte[] SET_DATA_FRAME = name("@setDataFrame");
    private static final byte[] CLEAR_DATA_FRAME = name("@clearDataFrame");

    private static final Set<TrackKind> PROMISED = Set.of(TrackKind.VIDEO, TrackKind.AUDIO);
    private static final List<String> AUDIO_FIELDS = List.of("audio", "hasAudio", "stereo");
    private static final List<String> VIDEO_FIELDS =
            List.of("video", "hasVideo", "width", "height", "framerate", "fps");

    private OnMetaData() {}

    /**
     * Whether a script body is metadata. The wrapping is removed first, by moving the reader index; of {@code
     * @clearDataFrame}, which has no value to pass on, nothing readable is left.
     *
     * @param body borrowed; may be anything
     */
    static boolean unwrap(ByteBuf body) {
        if (startsWith(body, SET_DATA_FRAME)) {
            body.skipBytes(SET_DATA_FRAME.length);
        } else if (startsWith(body, CLEAR_DATA_FRAME)) {
            body.skipBytes(body.readableBytes());
        }
        return startsWith(body, ON_META_DATA) && body.readableBytes() > ON_META_DATA.length;
    }

    /**
     * The fields of a metadata track's header: width, height, framerate, encoder and so on.
     *
     * @param header the name and its value; borrowed, the indices stay
     * @return nothing when this is no metadata, or cannot be read
     */
    public static Optional<AmfValue.Fields> fields(ByteBuf header) {
        try {
            AmfReader reader = new AmfReader(header.duplicate());
            if (reader.hasNext() && reader.readText().equals(NAME) && reader.read() instanceof AmfValue.Fields fields) {
                return Optional.of(fields);
            }
            return Optional.empty();
        } catch (MalformedDataException unreadable) {
            return Optional.empty();
        }
    }

    /** Writes name and value, for sources that have no metadata of their own. */
    public static void write(AmfValue.Fields fields, ByteBuf out) {
        new AmfWriter(out).text(NAME).value(fields);
    }

    /**
     * Metadata that announces only these kinds of track, because players, ffmpeg and browsers alike, wait for whatever
     * it names.
     *
     * @return the same track when it is no metadata or announces nothing else
     */
    public static Track announced(Track track, Set<TrackKind> kinds) {
        if (track.id() != Track.METADATA_ID || kinds.containsAll(PROMISED)) {
            return track;
        }
        ByteBuf published = track.flvHeader();
        AmfValue.Fields fields = published == null ? null : fields(published).orElse(null);
        if (published == null || fields == null) {
            return track;
        }
        AmfFields kept = AmfValue.fields();
        fields.fields().forEach((name, value) -> {
            if (!isOf(AUDIO_FIELDS, name) || kinds.contains(TrackKind.AUDIO)) {
                if (!isOf(VIDEO_FIELDS, name) || kinds.contains(TrackKind.VIDEO)) {
                    kept.put(name, value);
                }
            }
        });
        if (kept.size() == fields.fields().size()) {
            return track;
        }
        ByteBuf header = Unpooled.buffer(published.readableBytes());
        write(fields instanceof AmfValue.EcmaArray ? kept.ecmaArray() : kept.object(), header);
        return new Track(track.id(), track.kind(), track.config(), header.asReadOnly());
    }

    /** Whether a field is about a kind of track: its name begins with one of these. */
    private static boolean isOf(List<String> names, String field) {
        return names.stream().anyMatch(field::startsWith);
    }

    private static boolean startsWith(ByteBuf body, byte[] prefix) {
        if (body.readableBytes() < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (body.getByte(body.readerIndex() + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** The name as an AMF0 string. */
    private static byte[] name(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[3 + ascii.length];
        bytes[0] = (byte) AmfReader.STRING;
        bytes[2] = (byte) ascii.length;
        System.arraycopy(ascii, 0, bytes, 3, ascii.length);
        return bytes;
    }
}
