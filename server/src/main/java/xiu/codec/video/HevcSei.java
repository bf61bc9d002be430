package xiu.codec.video;

import io.netty.buffer.ByteBuf;
import java.util.BitSet;

/**
 * Says which messages an SEI unit of HEVC holds (ITU-T H.265 §7.3.5): each has its payload type and its size in front, both
 * as a row of 0xFF and one byte less than that. A unit that is cut off holds what could be read of it.
 */
public final class HevcSei {
    private static final int NAL_HEADER = 2;
    private static final int MORE = 0xFF;
    private static final int EMULATION_PREVENTION = 3;
    /** No type that is defined is larger; a row of 0xFF must not cost memory. */
    private static final int LARGEST_TYPE = 1_023;

    private final ByteBuf bytes;
    private final int end;
    private int index;
    private int zeros;

    private HevcSei(ByteBuf bytes, int index, int end) {
        this.bytes = bytes;
        this.index = index;
        this.end = end;
    }

    /**
     * Adds the payload types of a unit's messages to a set.
     *
     * @param bytes borrowed, read by absolute index
     * @param index where the unit begins, at its header
     */
    public static void addTypes(ByteBuf bytes, int index, int length, BitSet types) {
        HevcSei unit = new HevcSei(bytes, index + Math.min(NAL_HEADER, length), index + length);
        // The last byte is the stop bit of the whole.
        while (unit.end - unit.index > 1) {
            types.set(Math.min(unit.number(), LARGEST_TYPE));
            for (int left = unit.number(); left > 0 && unit.index < unit.end; left--) {
                unit.next();
            }
        }
    }

    private int number() {
        int sum = 0;
        int part = MORE;
        while (part == MORE && index < end) {
            part = next();
            sum += part;
        }
        return sum;
    }

    private int next() {
        int value = bytes.getUnsignedByte(index++);
        zeros = value == 0 ? zeros + 1 : 0;
        if (zeros == 2 && index < end && bytes.getByte(index) == EMULATION_PREVENTION) {
            index++;
            zeros = 0;
        }
        return value;
    }
}
