package xiu.bytes;

import io.netty.buffer.ByteBuf;

/**
 * Bits, most significant first, and Exp-Golomb numbers. Borrows its buffer and reads by absolute index, so the buffer's
 * own indices stay where they are. Confined to one thread.
 */
public final class BitReader {
    private final ByteBuf bytes;
    private final int end;
    private final boolean escaped;
    private int index;
    private int zeros;
    private int current;
    private int left;

    private BitReader(ByteBuf bytes, boolean escaped) {
        this.bytes = bytes;
        this.index = bytes.readerIndex();
        this.end = bytes.writerIndex();
        this.escaped = escaped;
    }

    /** A reader of the readable bytes, unchanged. */
    public static BitReader of(ByteBuf bytes) {
        return new BitReader(bytes, false);
    }

    /**
     * A reader of the payload of a NAL unit: emulation prevention bytes (the 3 of 0 0 3) are skipped (H.264 §7.4.1).
     */
    public static BitReader ofNalUnit(ByteBuf bytes) {
        return new BitReader(bytes, true);
    }

    /** The next bit. */
    public boolean flag() {
        if (left == 0) {
            load();
        }
        left--;
        return (current >>> left & 1) == 1;
    }

    /**
     * The next bits as an unsigned number, but for 32 bits, whose first is the sign.
     *
     * @param count 0 to 32
     */
    public int bits(int count) {
        int value = 0;
        int missing = count;
        while (missing > 0) {
            if (left == 0) {
                load();
            }
            int take = Math.min(missing, left);
            left -= take;
            missing -= take;
            value = value << take | current >>> left & (1 << take) - 1;
        }
        return value;
    }

    /** Skips this many bits. */
    public void skip(int count) {
        int missing = count;
        while (missing > 0) {
            int step = Math.min(missing, 32);
            bits(step);
            missing -= step;
        }
    }

    /** An unsigned Exp-Golomb number, ue(v) (H.264 §9.1); at most 2^31 - 2. */
    public int unsignedGolomb() {
        int leadingZeros = 0;
        while (!flag()) {
            leadingZeros++;
            if (leadingZeros > 30) {
                throw new MalformedDataException("Exp-Golomb prefix: more than 30 zeros (expected: at most 30)");
            }
        }
        return (1 << leadingZeros) - 1 + bits(leadingZeros);
    }

    /** A signed Exp-Golomb number, se(v) (H.264 §9.1.1). */
    public int signedGolomb() {
        int code = unsignedGolomb();
        return (code & 1) == 1 ? (code >>> 1) + 1 : -(code >>> 1);
    }

    /** Skips what is left of the current byte. */
    public void align() {
        left = 0;
    }

    /** How many bits are left; in a NAL unit this includes emulation prevention bytes that are still ahead. */
    public long remaining() {
        return left + 8L * (end - index);
    }

    private void load() {
        if (escaped && zeros >= 2 && index < end && bytes.getByte(index) == 3) {
            index++;
            zeros = 0;
        }
        if (index >= end) {
            throw new MalformedDataException("bits: none left (expected: more)");
        }
        current = bytes.getUnsignedByte(index);
        index++;
        zeros = current == 0 ? zeros + 1 : 0;
        left = 8;
    }
}
