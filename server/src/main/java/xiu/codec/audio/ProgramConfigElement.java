package xiu.codec.audio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import xiu.bytes.BitReader;

/**
 * AAC's program_config_element (ISO/IEC 14496-3 §4.4.1.1): the loudspeaker layout of a stream that has none of the numbered
 * ones. It stands in the AudioSpecificConfig; a container that does not carry that, such as ADTS, needs it in front of
 * each frame, as the first element of the raw data block (§1.A.3.2.1).
 *
 * @param channels how many channels the layout has
 * @param element with its element identifier in front, whole bytes, without the comment; read-only, on the heap, never
 *     released
 */
public record ProgramConfigElement(int channels, ByteBuf element) {
    /** ID_PCE (table 4.85). */
    private static final int IDENTIFIER = 5;

    private static final int IDENTIFIER_BITS = 3;
    /** The most that counts of four and three bits can describe, identifier included. */
    public static final int MOST_BYTES = 64;

    /** Reads the element, which begins at the reader's bit and ends at the end of a byte. */
    public static ProgramConfigElement read(BitReader in) {
        Copy copy = new Copy(in);
        copy.put(IDENTIFIER, IDENTIFIER_BITS);
        copy.bits(4 + 2 + 4); // element_instance_tag, object_type, sampling_frequency_index
        int front = copy.bits(4);
        int side = copy.bits(4);
        int back = copy.bits(4);
        int lowFrequency = copy.bits(2);
        int data = copy.bits(3);
        int coupling = copy.bits(4);
        copy.mixdown(4);
        copy.mixdown(4);
        copy.mixdown(3);
        int channels = lowFrequency;
        for (int i = 0; i < front + side + back; i++) {
            channels += copy.bits(1) + 1;
            copy.bits(4);
        }
        for (int i = 0; i < lowFrequency + data; i++) {
            copy.bits(4);
        }
        for (int i = 0; i < coupling; i++) {
            copy.bits(5);
        }
        in.align();
        in.skip(8 * in.bits(8)); // comment
        return new ProgramConfigElement(channels, copy.withoutComment());
    }

    /** Bits that are read and written at once: they begin elsewhere within their byte in the copy than in the original. */
    private static final class Copy {
        private final BitReader in;
        private final byte[] out = new byte[MOST_BYTES];
        private int written;

        private Copy(BitReader in) {
            this.in = in;
        }

        private int bits(int count) {
            int value = in.bits(count);
            put(value, count);
            return value;
        }

        private void mixdown(int count) {
            if (bits(1) == 1) {
                bits(count);
            }
        }

        private void put(int value, int count) {
            for (int bit = count - 1; bit >= 0; bit--) {
                out[written / 8] |= (byte) ((value >> bit & 1) << 7 - written % 8);
                written++;
            }
        }

        /** Filled up to whole bytes, and a comment of no bytes. */
        private ByteBuf withoutComment() {
            int bytes = (written + 7) / 8 + 1;
            return Unpooled.copiedBuffer(out).slice(0, bytes).asReadOnly();
        }
    }
}
