package xiu.codec.nal;

import io.netty.buffer.ByteBuf;
import xiu.bytes.BitReader;
import xiu.bytes.MalformedDataException;

/**
 * Reads the numbers by which parameter sets and slices refer to each other, and nothing else. A number that cannot be
 * read counts as 0, the only one that most encoders use.
 */
final class ParameterSetReader {
    /** No codec has more sets of a kind; a larger number is malformed. */
    private static final int LARGEST = 255;

    private static final int PROFILE_BITS = 88;
    private static final int LEVEL_BITS = 8;

    private ParameterSetReader() {}

    /** The number of a parameter set itself (H.264 §7.3.2.1.1, §7.3.2.2; H.265 §7.3.2.1 to §7.3.2.3). */
    static int number(NalSyntax syntax, ByteBuf set) {
        try {
            BitReader in = BitReader.ofNalUnit(set);
            in.skip(syntax.headerBits());
            return switch (syntax.type(set, set.readerIndex())) {
                case 32 -> in.bits(4);
                case 33 -> {
                    hevcProfile(in);
                    yield checked(in.unsignedGolomb());
                }
                case 7 -> {
                    in.skip(24); // profile, constraints, level
                    yield checked(in.unsignedGolomb());
                }
                default -> checked(in.unsignedGolomb());
            };
        } catch (MalformedDataException | IndexOutOfBoundsException unreadable) {
            return 0;
        }
    }

    /** The number of the sequence parameter set that a picture parameter set refers to. */
    static int sequenceOf(NalSyntax syntax, ByteBuf pictureSet) {
        try {
            BitReader in = BitReader.ofNalUnit(pictureSet);
            in.skip(syntax.headerBits());
            in.unsignedGolomb();
            return checked(in.unsignedGolomb());
        } catch (MalformedDataException | IndexOutOfBoundsException unreadable) {
            return 0;
        }
    }

    /** The number of the picture parameter set that a slice refers to (H.264 §7.3.3, H.265 §7.3.6.1). */
    static int pictureSetOf(NalSyntax syntax, ByteBuf slice) {
        try {
            BitReader in = BitReader.ofNalUnit(slice);
            in.skip(syntax.headerBits());
            if (syntax == NalSyntax.AVC) {
                in.unsignedGolomb(); // first_mb_in_slice
                in.unsignedGolomb(); // slice_type
            } else {
                in.skip(1); // first_slice_segment_in_pic_flag
                int type = syntax.type(slice, slice.readerIndex());
                in.skip(type >= 16 && type <= 23 ? 1 : 0); // no_output_of_prior_pics_flag
            }
            return checked(in.unsignedGolomb());
        } catch (MalformedDataException | IndexOutOfBoundsException unreadable) {
            return 0;
        }
    }

    /** Skips what precedes the number: sps_video_parameter_set_id to profile_tier_level (H.265 §7.3.3). */
    private static void hevcProfile(BitReader in) {
        in.skip(4);
        int subLayers = in.bits(3);
        in.skip(1 + PROFILE_BITS + LEVEL_BITS);
        if (subLayers == 0) {
            return;
        }
        int more = 0;
        for (int i = 0; i < subLayers; i++) {
            more += in.flag() ? PROFILE_BITS : 0;
            more += in.flag() ? LEVEL_BITS : 0;
        }
        in.skip(2 * (8 - subLayers));
        in.skip(more);
    }

    private static int checked(int number) {
        if (number > LARGEST) {
            throw MalformedDataException.of("parameter set number", number, "at most " + LARGEST);
        }
        return number;
    }
}
