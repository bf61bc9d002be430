package xiu.codec.video;

import io.netty.buffer.ByteBuf;
import java.util.BitSet;

/** Says which messages an SEI unit of HEVC holds (ITU-T H.265 §7.3.5). */
public final class HevcSei {
    private static final int NAL_HEADER = 2;
    /** No type that is defined is larger; a row of 0xFF must not cost memory. */
    private static final int LARGEST_TYPE = 1_023;

    private HevcSei() {}

    /**
     * Adds the payload types of a unit's messages to a set.
     *
     * @param bytes borrowed, read by absolute index
     * @param index where the unit begins, at its header
     */
    public static void addTypes(ByteBuf bytes, int index, int length, BitSet types) {
        SeiReader messages = new SeiReader(bytes, index + NAL_HEADER, index + length);
        while (messages.hasNext()) {
            types.set(Math.min(messages.next(), LARGEST_TYPE));
        }
    }
}
