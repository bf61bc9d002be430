package xiu.codec.video;

import xiu.bytes.BitReader;

/**
 * The video usability information of H.264 (ITU-T H.264 §E.1.1) and HEVC (ITU-T H.265 §E.2.1): the shape of a pixel, the
 * colours and the frame rate.
 *
 * @param sampleAspect width of a pixel by its height
 * @param color what the samples mean
 * @param frameRate frames per second, when there is timing information
 */
record VideoUsability(Rational sampleAspect, ColorDescription color, Rational frameRate) {
    private static final int EXTENDED_ASPECT = 255;
    /** ITU-T H.264 table E-1, from aspect_ratio_idc 1: width and height of a pixel. */
    private static final int[][] ASPECTS = {
        {1, 1}, {12, 11}, {10, 11}, {16, 11}, {40, 33}, {24, 11}, {20, 11}, {32, 11}, {80, 33}, {18, 11}, {15, 11},
        {64, 33}, {160, 99}, {4, 3}, {3, 2}, {2, 1}
    };

    /** Of H.264, whose ticks are fields. */
    static VideoUsability ofAvc(BitReader in) {
        Rational aspect = aspect(in);
        ColorDescription color = color(in);
        return new VideoUsability(aspect, color, frameRate(in, 2));
    }

    /** Of HEVC, whose ticks are pictures; a picture is a field where field_seq_flag is set. */
    static VideoUsability ofHevc(BitReader in) {
        Rational aspect = aspect(in);
        ColorDescription color = color(in);
        in.skip(1); // neutral_chroma_indication_flag
        int ticks = in.flag() ? 2 : 1; // field_seq_flag
        in.skip(1); // frame_field_info_present_flag
        if (in.flag()) {
            for (int side = 0; side < 4; side++) {
                in.unsignedGolomb(); // default display window: a proposal to the player, not part of the size
            }
        }
        return new VideoUsability(aspect, color, frameRate(in, ticks));
    }

    private static Rational aspect(BitReader in) {
        if (!in.flag()) {
            return Rational.UNKNOWN;
        }
        int index = in.bits(8);
        if (index == EXTENDED_ASPECT) {
            int width = in.bits(16);
            return Rational.of(width, in.bits(16));
        }
        return index >= 1 && index <= ASPECTS.length
                ? Rational.of(ASPECTS[index - 1][0], ASPECTS[index - 1][1])
                : Rational.UNKNOWN;
    }

    /** overscan, video_signal_type and the place of the colour samples. */
    private static ColorDescription color(BitReader in) {
        if (in.flag()) {
            in.skip(1); // overscan_appropriate_flag
        }
        ColorDescription color = ColorDescription.UNSPECIFIED;
        if (in.flag()) {
            in.skip(3); // video_format
            boolean fullRange = in.flag();
            boolean described = in.flag();
            int primaries = described ? in.bits(8) : ColorDescription.NOT_SPECIFIED;
            int transfer = described ? in.bits(8) : ColorDescription.NOT_SPECIFIED;
            int matrix = described ? in.bits(8) : ColorDescription.NOT_SPECIFIED;
            color = new ColorDescription(primaries, transfer, matrix, fullRange);
        }
        if (in.flag()) {
            in.unsignedGolomb(); // chroma_sample_loc_type_top_field
            in.unsignedGolomb(); // chroma_sample_loc_type_bottom_field
        }
        return color;
    }

    private static Rational frameRate(BitReader in, int ticks) {
        if (!in.flag()) {
            return Rational.UNKNOWN;
        }
        long unitsInTick = in.bits(32) & 0xFFFF_FFFFL;
        long timeScale = in.bits(32) & 0xFFFF_FFFFL;
        return Rational.of(timeScale, ticks * unitsInTick);
    }
}
