package xiu.codec.video;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;

/**
 * The header of a key frame of VP8 (RFC 6386 §9.1).
 *
 * <pre>
 * frame tag 24, little endian: key frame 1 (0: yes) | version 3 | shown 1 | size of the first partition 19
 * start code 9d 01 2a | width 14, scale 2 | height 14, scale 2, little endian
 * </pre>
 *
 * @param version 0 to 3, the profile
 * @param width pixels
 * @param height pixels
 */
public record Vp8Header(int version, int width, int height) {
    private static final int BYTES = 10;
    private static final int START_CODE = 0x9D012A;
    private static final int SIDE = 0x3FFF;

    /**
     * Reads a header.
     *
     * @param frame borrowed; the indices stay
     * @throws MalformedDataException when this is no key frame, or it is cut short
     */
    public static Vp8Header parse(ByteBuf frame) {
        int at = frame.readerIndex();
        if (frame.readableBytes() < BYTES) {
            throw MalformedDataException.of("VP8 key frame", frame.readableBytes() + " bytes", "at least " + BYTES);
        }
        int tag = frame.getUnsignedByte(at);
        int start = frame.getUnsignedMedium(at + 3);
        int version = tag >> 1 & 7;
        if ((tag & 1) != 0 || start != START_CODE || version > 3) {
            throw MalformedDataException.of("VP8 start code", Integer.toHexString(start), "9d012a of a key frame");
        }
        int width = frame.getUnsignedShortLE(at + 6) & SIDE;
        int height = frame.getUnsignedShortLE(at + 8) & SIDE;
        if (width == 0 || height == 0) {
            throw MalformedDataException.of("VP8 picture", width + "x" + height, "at least 1x1");
        }
        return new Vp8Header(version, width, height);
    }
}
