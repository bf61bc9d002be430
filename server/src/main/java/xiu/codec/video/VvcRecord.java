package xiu.codec.video;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import xiu.bytes.MalformedDataException;
import xiu.bytes.RecordBytes;

/**
 * What a VvcDecoderConfigurationRecord says of the pictures (ISO/IEC 14496-15 §11.2.4.2); its parameter sets, behind that,
 * are not read.
 *
 * <pre>
 * 1 5 | NAL length size - 1 2 | ptl_present_flag 1; the rest only when it is set:
 * ols_idx 9 | sublayers 3 | constant frame rate 2 | chroma format 2 | bit depth - 8 3 | 1 5
 * 0 2 | bytes of constraints 6 | profile 7 | tier 1 | level 8 | constraints
 * with sublayers: a flag for each but the highest, to a whole byte | a level 8 for each flag
 * sub-profiles 8, each 32 | width 16 | height 16 | frames in 256 seconds 16
 * </pre>
 *
 * @param nalLengthSize bytes of the length in front of each NAL unit of a sample: 1, 2 or 4
 * @param profile general_profile_idc; 0 when it is not given
 * @param highTier general_tier_flag
 * @param level general_level_idc: sixteen times the whole part of the level, and three times what follows the point
 * @param constraints the frame-only and multilayer flags and general_constraint_info; read-only, on the heap
 * @param format size, bit depth, chroma and frame rate, where they are given
 */
public record VvcRecord(
        int nalLengthSize, int profile, boolean highTier, int level, ByteBuf constraints, VideoFormat format) {
    private static final int RESERVED = 0xF8;

    /**
     * Reads a record.
     *
     * @param record its readable bytes, without version and flags of its box; borrowed
     * @throws MalformedDataException when it is cut short or no VVC record
     */
    public static VvcRecord parse(ByteBuf record) {
        RecordBytes in = new RecordBytes("VVC configuration", record);
        int first = in.uint8();
        int nalLengthSize = (first >> 1 & 3) + 1;
        if ((first & RESERVED) != RESERVED || nalLengthSize == 3) {
            throw MalformedDataException.of("VVC configuration", Integer.toHexString(first), "1, 2 or 4 byte lengths");
        }
        if ((first & 1) == 0) {
            return new VvcRecord(nalLengthSize, 0, false, 0, Unpooled.EMPTY_BUFFER, VideoFormat.UNKNOWN);
        }
        int layers = in.uint16();
        int subLayers = layers >> 4 & 7;
        int bitDepth = 8 + (in.uint8() >> 5);
        int constraintBytes = in.uint8() & 0x3F;
        int profileAndTier = in.uint8();
        int level = in.uint8();
        ByteBuf constraints = in.copy(constraintBytes);
        if (subLayers > 1) {
            int flags = in.uint8() >> 9 - subLayers;
            in.skip(Integer.bitCount(flags));
        }
        in.skip(4 * in.uint8());
        int width = in.uint16();
        int height = in.uint16();
        Rational frameRate = Rational.of(in.uint16(), 256);
        VideoFormat format = new VideoFormat(
                width,
                height,
                Rational.UNKNOWN,
                frameRate,
                bitDepth,
                Chroma.of(layers & 3),
                ColorDescription.UNSPECIFIED);
        return new VvcRecord(nalLengthSize, profileAndTier >> 1, (profileAndTier & 1) == 1, level, constraints, format);
    }
}
