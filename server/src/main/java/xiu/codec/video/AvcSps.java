package xiu.codec.video;

import io.netty.buffer.ByteBuf;
import xiu.bytes.BitReader;
import xiu.bytes.MalformedDataException;

/**
 * What a sequence parameter set of H.264 says about the picture (H.264 §7.3.2.1.1).
 *
 * @param profile profile_idc
 * @param level level_idc, ten times the level
 * @param format size, colours and frame rate
 */
public record AvcSps(int profile, int level, VideoFormat format) {
    private static final int MAX_MACROBLOCKS = 1024;
    private static final int MAX_MORE_BITS = 6;

    /** Colour samples and bits of a luma sample. */
    private record Samples(int chromaFormat, boolean separatePlanes, int bitDepth) {}

    /**
     * Reads a parameter set. Usability information that is cut off is left out: encoders wrote it wrongly for years, and
     * the picture is described without it.
     *
     * @param sps the NAL unit with its header byte; borrowed
     * @throws MalformedDataException when it is cut short or no SPS
     */
    public static AvcSps parse(ByteBuf sps) {
        BitReader in = BitReader.ofNalUnit(sps);
        int type = in.bits(8) & 0x1F;
        if (type != 7) {
            throw MalformedDataException.of("NAL unit type", type, "7, an SPS");
        }
        int profile = in.bits(8);
        in.skip(8);
        int level = in.bits(8);
        in.unsignedGolomb(); // seq_parameter_set_id
        Samples samples = hasChroma(profile) ? samples(in) : new Samples(1, false, 8);
        in.unsignedGolomb(); // log2_max_frame_num_minus4
        pictureOrderCount(in);
        in.unsignedGolomb(); // max_num_ref_frames
        in.skip(1);
        VideoFormat format = size(in, samples);
        try {
            boolean described = in.flag();
            return new AvcSps(profile, level, described ? format.described(VideoUsability.ofAvc(in)) : format);
        } catch (MalformedDataException cutOff) {
            return new AvcSps(profile, level, format);
        }
    }

    private static VideoFormat size(BitReader in, Samples samples) {
        int columns = macroblocks(in);
        int mapUnits = macroblocks(in);
        int fields = in.flag() ? 1 : 2;
        if (fields == 2) {
            in.skip(1); // mb_adaptive_frame_field_flag
        }
        in.skip(1); // direct_8x8_inference_flag
        int width = columns * 16;
        int height = mapUnits * 16 * fields;
        Chroma chroma = Chroma.of(samples.chromaFormat);
        if (in.flag()) {
            // Separate planes are cropped like monochrome.
            int unitX = samples.separatePlanes ? 1 : chroma.stepAcross();
            int unitY = (samples.separatePlanes ? 1 : chroma.stepDown()) * fields;
            width -= unitX * cropped(in, width);
            width -= unitX * cropped(in, width);
            height -= unitY * cropped(in, height);
            height -= unitY * cropped(in, height);
        }
        if (width <= 0 || height <= 0) {
            throw MalformedDataException.of("AVC picture", width + "x" + height, "at least 1x1");
        }
        return new VideoFormat(
                width,
                height,
                Rational.UNKNOWN,
                Rational.UNKNOWN,
                samples.bitDepth,
                chroma,
                ColorDescription.UNSPECIFIED);
    }

    private static boolean hasChroma(int profile) {
        return switch (profile) {
            case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
            default -> false;
        };
    }

    private static Samples samples(BitReader in) {
        int format = in.unsignedGolomb();
        if (format > 3) {
            throw MalformedDataException.of("chroma_format_idc", format, "0 to 3");
        }
        boolean separatePlanes = format == 3 && in.flag();
        int moreBits = in.unsignedGolomb();
        if (moreBits > MAX_MORE_BITS) {
            throw MalformedDataException.of("bit_depth_luma_minus8", moreBits, "at most " + MAX_MORE_BITS);
        }
        in.unsignedGolomb(); // bit_depth_chroma_minus8
        in.skip(1);
        if (in.flag()) {
            for (int i = 0; i < (format == 3 ? 12 : 8); i++) {
                if (in.flag()) {
                    scalingList(in, i < 6 ? 16 : 64);
                }
            }
        }
        return new Samples(format, separatePlanes, 8 + moreBits);
    }

    /** H.264 §7.3.2.1.1.1. */
    private static void scalingList(BitReader in, int size) {
        int last = 8;
        int next = 8;
        for (int i = 0; i < size; i++) {
            if (next != 0) {
                next = last + in.signedGolomb() & 0xFF;
            }
            last = next == 0 ? last : next;
        }
    }

    private static void pictureOrderCount(BitReader in) {
        int type = in.unsignedGolomb();
        if (type == 0) {
            in.unsignedGolomb(); // log2_max_pic_order_cnt_lsb_minus4
        } else if (type == 1) {
            in.skip(1);
            in.signedGolomb(); // offset_for_non_ref_pic
            in.signedGolomb(); // offset_for_top_to_bottom_field
            int frames = in.unsignedGolomb();
            if (frames > 255) {
                throw MalformedDataException.of("num_ref_frames_in_pic_order_cnt_cycle", frames, "at most 255");
            }
            for (int i = 0; i < frames; i++) {
                in.signedGolomb();
            }
        }
    }

    private static int macroblocks(BitReader in) {
        int count = in.unsignedGolomb() + 1;
        if (count > MAX_MACROBLOCKS) {
            throw MalformedDataException.of("AVC picture side", count + " macroblocks", "at most " + MAX_MACROBLOCKS);
        }
        return count;
    }

    private static int cropped(BitReader in, int side) {
        int units = in.unsignedGolomb();
        if (units > side) {
            throw MalformedDataException.of("AVC cropping", units, "at most " + side);
        }
        return units;
    }
}
