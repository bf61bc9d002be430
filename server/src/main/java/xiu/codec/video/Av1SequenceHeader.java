package xiu.codec.video;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;

/**
 * What AV1's sequence header says (AV1 specification §5.5). A level and a tier are those of the first operating point,
 * which is the whole stream.
 *
 * @param profile seq_profile: 0 Main, 1 High, 2 Professional
 * @param level seq_level_idx
 * @param highTier seq_tier
 * @param colorDescribed whether the header describes its colours
 * @param chromaPosition chroma_sample_position, of 4:2:0
 * @param format size, colours and frame rate
 */
public record Av1SequenceHeader(
        int profile, int level, boolean highTier, boolean colorDescribed, int chromaPosition, VideoFormat format) {
    private static final int SEQUENCE_HEADER = 1;
    private static final int EXTENSION = 0x04;
    private static final int HAS_SIZE = 0x02;
    /** The level from which on there are two tiers: 4.0. */
    private static final int FIRST_LEVEL_WITH_TIER = 8;

    /**
     * Finds the sequence header among units with sizes (§5.3): those of a configuration, or of a key frame.
     *
     * @param units borrowed; the indices stay
     * @throws MalformedDataException when there is none, or it is cut short
     */
    public static Av1SequenceHeader find(ByteBuf units) {
        int index = units.readerIndex();
        int end = units.writerIndex();
        while (index < end) {
            int header = units.getUnsignedByte(index);
            index += (header & EXTENSION) != 0 ? 2 : 1;
            long size = end - index;
            if ((header & HAS_SIZE) != 0) {
                long number = leb128(units, index, end);
                index += (int) (number >>> 32);
                size = number & 0xFFFF_FFFFL;
            }
            if (size < 0 || size > end - index) {
                throw MalformedDataException.of("OBU size", size, "at most " + (end - index));
            }
            if ((header >> 3 & 0xF) == SEQUENCE_HEADER) {
                return new Av1SequenceParser(units.slice(index, (int) size)).parse();
            }
            index += (int) size;
        }
        throw MalformedDataException.of("AV1 units", "no sequence header", "one");
    }

    /** A number in groups of seven bits (§4.10.5); how many bytes it has stands in the upper 32 bits. */
    private static long leb128(ByteBuf bytes, int index, int end) {
        long value = 0;
        for (int i = 0; i < 4 && index + i < end; i++) {
            int part = bytes.getUnsignedByte(index + i);
            value |= (long) (part & 0x7F) << 7 * i;
            if ((part & 0x80) == 0) {
                return (i + 1L) << 32 | value;
            }
        }
        throw MalformedDataException.of("OBU size", "cut off, or more than 4 bytes", "at most 4 bytes");
    }

    /** Whether a level has two tiers. */
    static boolean hasTier(int level) {
        return level >= FIRST_LEVEL_WITH_TIER;
    }
}
