package xiu.codec.video;

import io.netty.buffer.ByteBuf;
import xiu.bytes.BitReader;
import xiu.bytes.MalformedDataException;

/**
 * What a sequence parameter set of HEVC says about the picture (ITU-T H.265 §7.3.2.2.1).
 *
 * @param profile general_profile_idc
 * @param level general_level_idc, thirty times the level
 * @param format size, colours and frame rate
 */
public record HevcSps(int profile, int level, VideoFormat format) {
    private static final int SPS = 33;
    private static final int MAX_SIDE = 1 << 16;
    private static final int MAX_SHORT_TERM_SETS = 64;
    private static final int MAX_PICTURES = 16;

    /**
     * Reads a parameter set. What stands behind the size and cannot be read is left out.
     *
     * @param sps the NAL unit with its header of two bytes; borrowed
     * @throws MalformedDataException when it is cut short or no SPS
     */
    public static HevcSps parse(ByteBuf sps) {
        BitReader in = BitReader.ofNalUnit(sps);
        int type = in.bits(16) >> 9 & 0x3F;
        if (type != SPS) {
            throw MalformedDataException.of("NAL unit type", type, SPS + ", an SPS");
        }
        in.skip(4); // sps_video_parameter_set_id
        int subLayers = in.bits(3); // sps_max_sub_layers_minus1
        in.skip(1);
        in.skip(3); // general_profile_space, general_tier_flag
        int profile = in.bits(5);
        in.skip(32 + 48); // compatibility and constraint flags
        int level = in.bits(8);
        subLayers(in, subLayers);
        in.unsignedGolomb(); // sps_seq_parameter_set_id
        VideoFormat format = size(in);
        try {
            return new HevcSps(profile, level, described(in, format, subLayers));
        } catch (MalformedDataException cutOff) {
            return new HevcSps(profile, level, format);
        }
    }

    /** The rest of profile_tier_level, §7.3.3. */
    private static void subLayers(BitReader in, int count) {
        boolean[] profile = new boolean[count];
        boolean[] level = new boolean[count];
        for (int i = 0; i < count; i++) {
            profile[i] = in.flag();
            level[i] = in.flag();
        }
        if (count > 0) {
            in.skip(2 * (8 - count));
        }
        for (int i = 0; i < count; i++) {
            in.skip((profile[i] ? 88 : 0) + (level[i] ? 8 : 0));
        }
    }

    private static VideoFormat size(BitReader in) {
        int chromaFormat = in.unsignedGolomb();
        if (chromaFormat > 3) {
            throw MalformedDataException.of("chroma_format_idc", chromaFormat, "0 to 3");
        }
        boolean separatePlanes = chromaFormat == 3 && in.flag();
        Chroma chroma = Chroma.of(chromaFormat);
        int width = side(in);
        int height = side(in);
        if (in.flag()) {
            int unitX = separatePlanes ? 1 : chroma.stepAcross();
            int unitY = separatePlanes ? 1 : chroma.stepDown();
            width -= unitX * cropped(in, width);
            width -= unitX * cropped(in, width);
            height -= unitY * cropped(in, height);
            height -= unitY * cropped(in, height);
        }
        if (width <= 0 || height <= 0) {
            throw MalformedDataException.of("HEVC picture", width + "x" + height, "at least 1x1");
        }
        int bitDepth = 8 + limited(in.unsignedGolomb(), "bit_depth_luma_minus8", 8);
        return new VideoFormat(
                width, height, Rational.UNKNOWN, Rational.UNKNOWN, bitDepth, chroma, ColorDescription.UNSPECIFIED);
    }

    /** What stands between the size and the usability information, and that. */
    private static VideoFormat described(BitReader in, VideoFormat format, int subLayers) {
        in.unsignedGolomb(); // bit_depth_chroma_minus8
        int orderBits = 4 + limited(in.unsignedGolomb(), "log2_max_pic_order_cnt_lsb_minus4", 12);
        int orderings = in.flag() ? subLayers + 1 : 1;
        for (int i = 0; i < 3 * orderings; i++) {
            in.unsignedGolomb(); // sizes of the picture buffer
        }
        for (int i = 0; i < 6; i++) {
            in.unsignedGolomb(); // sizes of blocks
        }
        boolean scaled = in.flag(); // scaling_list_enabled_flag
        if (scaled && in.flag()) {
            scalingLists(in);
        }
        in.skip(2); // amp_enabled_flag, sample_adaptive_offset_enabled_flag
        if (in.flag()) {
            in.skip(8); // bit depths of PCM
            in.unsignedGolomb();
            in.unsignedGolomb();
            in.skip(1);
        }
        shortTermSets(in);
        if (in.flag()) {
            int pictures = limited(in.unsignedGolomb(), "long-term reference pictures", 32);
            in.skip(pictures * (orderBits + 1));
        }
        in.skip(2); // sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag
        return in.flag() ? format.described(VideoUsability.ofHevc(in)) : format;
    }

    /** scaling_list_data, §7.3.4. */
    private static void scalingLists(BitReader in) {
        for (int size = 0; size < 4; size++) {
            for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
                if (!in.flag()) {
                    in.unsignedGolomb(); // scaling_list_pred_matrix_id_delta
                    continue;
                }
                int coefficients = Math.min(64, 1 << 4 + 2 * size) + (size > 1 ? 1 : 0);
                for (int i = 0; i < coefficients; i++) {
                    in.signedGolomb();
                }
            }
        }
    }

    /** st_ref_pic_set for each set, §7.3.7. A set may be coded as the difference to the previous one. */
    private static void shortTermSets(BitReader in) {
        int sets = limited(in.unsignedGolomb(), "short-term reference sets", MAX_SHORT_TERM_SETS);
        int pictures = 0;
        for (int set = 0; set < sets; set++) {
            if (set > 0 && in.flag()) {
                in.skip(1); // delta_rps_sign
                in.unsignedGolomb(); // abs_delta_rps_minus1
                int kept = 0;
                for (int i = 0; i <= pictures; i++) {
                    boolean used = in.flag();
                    kept += used || in.flag() ? 1 : 0;
                }
                pictures = limited(kept, "reference pictures", MAX_PICTURES);
            } else {
                int negative = limited(in.unsignedGolomb(), "reference pictures", MAX_PICTURES);
                int positive = limited(in.unsignedGolomb(), "reference pictures", MAX_PICTURES);
                pictures = limited(negative + positive, "reference pictures", MAX_PICTURES);
                for (int i = 0; i < pictures; i++) {
                    in.unsignedGolomb(); // delta_poc_minus1
                    in.skip(1); // used_by_curr_pic_flag
                }
            }
        }
    }

    private static int side(BitReader in) {
        int pixels = in.unsignedGolomb();
        return limited(pixels, "HEVC picture side", MAX_SIDE);
    }

    private static int cropped(BitReader in, int side) {
        return limited(in.unsignedGolomb(), "HEVC cropping", Math.max(side, 0));
    }

    private static int limited(int value, String what, int most) {
        if (value > most) {
            throw MalformedDataException.of(what, value, "at most " + most);
        }
        return value;
    }
}
