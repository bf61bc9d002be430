package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import java.util.List;
import xiu.bytes.MalformedDataException;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * The beginning of a file (Adobe FLV specification 10.1 §E.2), and the PreviousTagSize0 behind it.
 *
 * @param audio audio tags may follow
 * @param video video tags may follow
 * @param bytes where the first tag begins, PreviousTagSize0 included
 */
public record FlvHeader(boolean audio, boolean video, int bytes) {
    /** How many bytes {@link #write} writes, which is also the least that {@link #read} needs. */
    public static final int BYTES = 9 + FlvTag.TRAILER_BYTES;

    private static final int SIGNATURE = 'F' << 16 | 'L' << 8 | 'V';
    private static final int AUDIO_BIT = 4;
    private static final int VIDEO_BIT = 1;
    private static final int MAX_BYTES = 1024;

    /**
     * The header for these tracks, including those that only the metadata announces: audio without a sequence header is
     * not known before its first frame. Both flags are set when nothing is known. Browsers wait for exactly the tracks
     * that these flags announce.
     */
    static FlvHeader of(List<Track> tracks) {
        boolean audio = holds(tracks, TrackKind.AUDIO) || promises(tracks, "audiocodecid");
        boolean video = holds(tracks, TrackKind.VIDEO) || promises(tracks, "videocodecid");
        return audio || video ? new FlvHeader(audio, video, BYTES) : new FlvHeader(true, true, BYTES);
    }

    private static boolean holds(List<Track> tracks, TrackKind kind) {
        return tracks.stream().anyMatch(track -> track.kind() == kind && FlvBodies.carries(track));
    }

    /** Whether the metadata announces a codec, as a number or a name; encoders write 0 for none. */
    private static boolean promises(List<Track> tracks, String codec) {
        return tracks.stream()
                .filter(track -> track.id() == Track.METADATA_ID)
                .flatMap(track -> OnMetaData.fields(FlvBodies.configuration(track)).stream())
                .anyMatch(fields -> fields.number(codec).orElse(0) > 0
                        || !fields.text(codec).orElse("").isEmpty());
    }

    /**
     * Reads the first nine bytes; skips nothing but them.
     *
     * @param in at least nine bytes; the reader index moves
     * @throws MalformedDataException when this is no FLV
     */
    public static FlvHeader read(ByteBuf in) {
        if (in.readableBytes() < 9) {
            throw MalformedDataException.of("FLV header", in.readableBytes() + " bytes", "9 bytes");
        }
        int signature = in.readUnsignedMedium();
        int version = in.readUnsignedByte();
        if (signature != SIGNATURE || version != 1) {
            throw MalformedDataException.of(
                    "FLV signature", Integer.toHexString(signature) + " " + version, "464c56 1");
        }
        int flags = in.readUnsignedByte();
        long offset = in.readUnsignedInt();
        if (offset < 9 || offset > MAX_BYTES) {
            throw MalformedDataException.of("FLV header size", offset, "9 to " + MAX_BYTES);
        }
        return new FlvHeader((flags & AUDIO_BIT) != 0, (flags & VIDEO_BIT) != 0, (int) offset + FlvTag.TRAILER_BYTES);
    }

    /** Writes the 13 bytes. */
    public void write(ByteBuf out) {
        out.writeMedium(SIGNATURE).writeByte(1);
        out.writeByte((audio ? AUDIO_BIT : 0) | (video ? VIDEO_BIT : 0));
        out.writeInt(9).writeInt(0);
    }
}
