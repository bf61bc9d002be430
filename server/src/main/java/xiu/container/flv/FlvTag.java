package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;
import xiu.media.MediaPacket;
import xiu.media.TrackKind;

/**
 * The header in front of each tag's body (Adobe FLV specification 10.1 §E.4.1); RTMP's aggregate messages use it too.
 *
 * <pre>
 * type 8 | body size 24 | timestamp 24, its top 8 bits behind | stream id 24, always 0
 * </pre>
 *
 * @param type 8: audio, 9: video, 18: script data; others exist and are skipped
 * @param bodyBytes 0 to 2^24 - 1
 * @param timestamp the low 32 bits of the decoding time, ms
 */
public record FlvTag(int type, int bodyBytes, int timestamp) {
    /** The type of an audio tag. */
    public static final int AUDIO = 8;
    /** The type of a video tag. */
    public static final int VIDEO = 9;
    /** The type of a script data tag. */
    public static final int SCRIPT = 18;

    /** The size of the header. */
    public static final int BYTES = 11;
    /** The size of the field behind each body, which repeats the length of the tag. */
    public static final int TRAILER_BYTES = 4;

    private static final int MAX_BODY = (1 << 24) - 1;

    /**
     * Reads a header from the reader index onwards.
     *
     * @param bytes at least {@link #BYTES}; the reader index moves behind the header
     */
    public static FlvTag read(ByteBuf bytes) {
        if (bytes.readableBytes() < BYTES) {
            throw MalformedDataException.of("FLV tag header", bytes.readableBytes() + " bytes", BYTES + " bytes");
        }
        int type = bytes.readUnsignedByte() & 0x1F; // the upper bits: reserved and encryption
        int bodyBytes = bytes.readUnsignedMedium();
        int timestamp = bytes.readUnsignedMedium() | bytes.readUnsignedByte() << 24;
        bytes.skipBytes(3);
        return new FlvTag(type, bodyBytes, timestamp);
    }

    /**
     * Writes a whole tag and its trailer, without making an object.
     *
     * @param micros the decoding time, µs
     * @param body its readable bytes are copied; borrowed, the indices stay
     */
    static void write(TrackKind kind, long micros, ByteBuf body, ByteBuf out) {
        int bodyBytes = body.readableBytes();
        begin(kind, micros, bodyBytes, out);
        out.writeBytes(body, body.readerIndex(), bodyBytes);
        out.writeInt(BYTES + bodyBytes);
    }

    /**
     * Writes the tag and the trailer of a packet.
     *
     * @param headerBytes of {@link FlvBodies#headerBytes}, 0 or more
     */
    static void write(MediaPacket packet, int headerBytes, ByteBuf out) {
        ByteBuf bytes = packet.bytes();
        int length = bytes.readableBytes();
        begin(packet.track().kind(), packet.dts(), headerBytes + length, out);
        if (headerBytes > 0) {
            FlvBodies.writeHeader(packet, out);
        }
        out.writeBytes(bytes, bytes.readerIndex(), length);
        out.writeInt(BYTES + headerBytes + length);
    }

    private static void begin(TrackKind kind, long micros, int bodyBytes, ByteBuf out) {
        if (bodyBytes > MAX_BODY) {
            throw new IllegalArgumentException("FLV body: " + bodyBytes + " (expected: at most " + MAX_BODY + ")");
        }
        int timestamp = (int) Math.floorDiv(micros, 1000L);
        out.ensureWritable(BYTES + bodyBytes + TRAILER_BYTES);
        out.writeByte(typeOf(kind));
        out.writeMedium(bodyBytes);
        out.writeMedium(timestamp).writeByte(timestamp >> 24);
        out.writeMedium(0);
    }

    private static int typeOf(TrackKind kind) {
        return switch (kind) {
            case VIDEO -> VIDEO;
            case AUDIO -> AUDIO;
            case DATA -> SCRIPT;
        };
    }
}
