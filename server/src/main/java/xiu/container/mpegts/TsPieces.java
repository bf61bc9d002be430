package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A run of records and pieces as {@link TsUnits} has them. In an array, because calls of a buffer for a few bytes each
 * cost more than those bytes. Whoever writes sees to it that there is room. Confined to one thread.
 */
final class TsPieces {
    /** What stands in front of bytes. */
    static final int HEAD = 4;
    /** A piece that stays where it is. */
    static final int REFERENCE = 12;

    private static final int NONE = -1;

    private final byte[] array;
    private int at;
    /** Where the piece begins that bytes can still be added to. */
    private int open = NONE;

    TsPieces(int capacity) {
        this.array = new byte[capacity];
    }

    /** How many bytes have been written. */
    int size() {
        return at;
    }

    int room() {
        return array.length - at;
    }

    /** How many bytes of payload can be copied. */
    int roomForBytes() {
        return open == NONE ? room() - HEAD : room();
    }

    /** Copies bytes into the open piece. */
    void copy(ByteBuf from, int index, int length) {
        int start = open();
        from.getBytes(index, array, at, length);
        grow(start, length);
    }

    /** Copies bytes into the open piece. */
    void copy(byte[] from, int index, int length) {
        int start = open();
        System.arraycopy(from, index, array, at, length);
        grow(start, length);
    }

    private int open() {
        if (open == NONE) {
            open = at;
            at += HEAD;
        }
        return open;
    }

    private void grow(int piece, int bytes) {
        at += bytes;
        set(piece, at - piece - HEAD);
    }

    /** Bytes that stay in the source of this number. */
    void refer(int source, int index, int length) {
        word(-length);
        word(source);
        word(index);
    }

    /** Four bytes that belong to no piece. */
    void word(int value) {
        open = NONE;
        set(at, value);
        at += Integer.BYTES;
    }

    private void set(int index, int value) {
        array[index] = (byte) (value >> 24);
        array[index + 1] = (byte) (value >> 16);
        array[index + 2] = (byte) (value >> 8);
        array[index + 3] = (byte) value;
    }

    /** All that {@code other} holds. */
    void append(TsPieces other) {
        open = NONE;
        System.arraycopy(other.array, 0, array, at, other.at);
        at += other.at;
    }

    /** The bytes of the only piece, as a part of a unit. */
    void writeBytesTo(TsUnits out) {
        out.write(array, HEAD, at - HEAD);
    }

    /** Has the records and pieces cut. */
    void cut(TsPacketCutter cutter, List<ByteBuf> sources) {
        cutter.cut(array, at, sources);
    }

    void writeTo(ByteBuf out) {
        out.writeBytes(array, 0, at);
    }

    void clear() {
        at = 0;
        open = NONE;
    }
}
