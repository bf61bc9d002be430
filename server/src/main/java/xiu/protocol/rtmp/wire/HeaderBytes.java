package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The bytes of one part of a chunk's header, which may come in several reads. */
final class HeaderBytes {
    private static final int LONGEST = 11;

    private final byte[] bytes = new byte[LONGEST];
    private int held;

    int held() {
        return held;
    }

    void clear() {
        held = 0;
    }

    /** Takes bytes until there are {@code needed}; false while some are missing. */
    boolean fill(ByteBuf in, int needed) {
        // One by one, which is faster than a copy for so few bytes.
        for (int count = Math.min(needed - held, in.readableBytes()); count > 0; count--) {
            bytes[held++] = in.readByte();
        }
        return held >= needed;
    }

    int uint8(int at) {
        return bytes[at] & 0xFF;
    }

    int uint24(int at) {
        return uint8(at) << 16 | uint8(at + 1) << 8 | uint8(at + 2);
    }

    int int32(int at) {
        return uint8(at) << 24 | uint24(at + 1);
    }

    /** Whether the held bytes, followed by {@code next}, are the first of the four bytes of {@code value}. */
    boolean wouldBegin(byte next, int value) {
        int differing = 0;
        for (int i = 0; i < held; i++) {
            differing |= bytes[i] ^ byteOf(value, i);
        }
        return differing == 0 && next == byteOf(value, held);
    }

    private static byte byteOf(int value, int at) {
        return (byte) (value >>> 8 * (3 - at));
    }

    /** A copy of the held bytes. */
    ByteBuf copy() {
        return Unpooled.copiedBuffer(bytes, 0, held);
    }
}
