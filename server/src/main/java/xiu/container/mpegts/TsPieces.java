package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A run of records and pieces in the form of {@link TsUnits}. In an array, because a call of a buffer for each few
 * bytes costs more than the bytes. The caller makes sure that there is room. Confined to one thread.
 */
final class TsPieces {
    /** Size of what precedes the bytes of a piece. */
    static final int HEAD = 4;
    /** Size of a piece that refers to bytes elsewhere. */
    static final int REFERENCE = 12;

    private static final int NONE = -1;

    private final byte[] array;
    private int at;
    /** Where the piece begins that can still grow. */
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

    /** Adds a piece that refers to bytes in the source of this number. */
    void refer(int source, int index, int length) {
        word(-length);
        word(source);
        word(index);
    }

    /** Adds four bytes that belong to no piece. */
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

    /** Adds everything in {@code other}. */
    void append(TsPieces other) {
        open = NONE;
        System.arraycopy(other.array, 0, array, at, other.at);
        at += other.at;
    }

    /** Adds the bytes of the only piece to a unit of {@code out}. */
    void writeBytesTo(TsUnits out) {
        out.write(array, HEAD, at - HEAD);
    }

    /** Cuts the records and pieces. */
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
