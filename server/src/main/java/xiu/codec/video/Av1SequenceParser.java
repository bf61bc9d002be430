package xiu.codec.video;

import io.netty.buffer.ByteBuf;
import xiu.bytes.BitReader;

/** Reads one sequence header of AV1 (AV1 specification §5.5.1); used once. */
final class Av1SequenceParser {
    private static final int BT_709 = 1;
    private static final int SRGB = 13;
    private static final int IDENTITY = 0;
    private static final int SELECT = 2;

    private final BitReader in;
    private boolean reduced;
    private boolean decoderModel;
    private int bufferDelayBits;
    private boolean colorDescribed;
    private int chromaPosition;

    Av1SequenceParser(ByteBuf header) {
        this.in = BitReader.of(header);
    }

    Av1SequenceHeader parse() {
        int profile = in.bits(3);
        in.skip(1); // still_picture
        reduced = in.flag();
        Rational frameRate = reduced ? Rational.UNKNOWN : timing();
        boolean displayDelay = !reduced && in.flag();
        int points = reduced ? 1 : 1 + in.bits(5);
        int level = 0;
        boolean highTier = false;
        for (int point = 0; point < points; point++) {
            in.skip(reduced ? 0 : 12); // operating_point_idc
            int pointLevel = in.bits(5);
            boolean pointTier = !reduced && Av1SequenceHeader.hasTier(pointLevel) && in.flag();
            level = point == 0 ? pointLevel : level;
            highTier = point == 0 ? pointTier : highTier;
            if (decoderModel && in.flag()) {
                in.skip(2 * bufferDelayBits + 1);
            }
            if (displayDelay && in.flag()) {
                in.skip(4);
            }
        }
        int widthBits = 1 + in.bits(4);
        int heightBits = 1 + in.bits(4);
        int width = 1 + in.bits(widthBits);
        int height = 1 + in.bits(heightBits);
        tools();
        VideoFormat format = format(profile, frameRate).sized(width, height);
        return new Av1SequenceHeader(profile, level, highTier, colorDescribed, chromaPosition, format);
    }

    /** timing_info and decoder_model_info, §5.5.3 and §5.5.4. */
    private Rational timing() {
        if (!in.flag()) {
            return Rational.UNKNOWN;
        }
        long unitsInTick = in.bits(32) & 0xFFFF_FFFFL;
        long timeScale = in.bits(32) & 0xFFFF_FFFFL;
        boolean equalIntervals = in.flag();
        // uvlc() is written like an Exp-Golomb number.
        long ticks = equalIntervals ? 1L + in.unsignedGolomb() : 0;
        decoderModel = in.flag();
        if (decoderModel) {
            bufferDelayBits = 1 + in.bits(5);
            in.skip(32 + 5 + 5);
        }
        return ticks > Integer.MAX_VALUE ? Rational.UNKNOWN : Rational.of(timeScale, unitsInTick * ticks);
    }

    private void tools() {
        if (!reduced && in.flag()) {
            in.skip(4 + 3); // lengths of frame ids
        }
        in.skip(3); // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
        if (!reduced) {
            in.skip(4); // compound prediction, warped motion, dual filter
            boolean orderHint = in.flag();
            in.skip(orderHint ? 2 : 0);
            int screenContent = in.flag() ? SELECT : in.bits(1);
            if (screenContent > 0 && !in.flag()) {
                in.skip(1); // seq_force_integer_mv
            }
            in.skip(orderHint ? 3 : 0);
        }
        in.skip(3); // enable_superres, enable_cdef, enable_restoration
    }

    /** color_config, §5.5.2. */
    private VideoFormat format(int profile, Rational frameRate) {
        boolean highDepth = in.flag();
        int bitDepth = highDepth ? profile == 2 && in.flag() ? 12 : 10 : 8;
        boolean monochrome = profile != 1 && in.flag();
        colorDescribed = in.flag();
        int primaries = colorDescribed ? in.bits(8) : ColorDescription.NOT_SPECIFIED;
        int transfer = colorDescribed ? in.bits(8) : ColorDescription.NOT_SPECIFIED;
        int matrix = colorDescribed ? in.bits(8) : ColorDescription.NOT_SPECIFIED;
        boolean rgb = !monochrome && primaries == BT_709 && transfer == SRGB && matrix == IDENTITY;
        boolean fullRange = rgb || in.flag();
        Chroma chroma = monochrome ? Chroma.MONOCHROME : rgb ? Chroma.YUV_444 : chroma(profile, bitDepth);
        chromaPosition = chroma == Chroma.YUV_420 ? in.bits(2) : 0;
        ColorDescription color = new ColorDescription(primaries, transfer, matrix, fullRange);
        return new VideoFormat(0, 0, Rational.UNKNOWN, frameRate, bitDepth, chroma, color);
    }

    private Chroma chroma(int profile, int bitDepth) {
        if (profile == 0) {
            return Chroma.YUV_420;
        }
        if (profile == 1) {
            return Chroma.YUV_444;
        }
        if (bitDepth < 12) {
            return Chroma.YUV_422;
        }
        boolean halvedAcross = in.flag();
        boolean halvedDown = halvedAcross && in.flag();
        return halvedDown ? Chroma.YUV_420 : halvedAcross ? Chroma.YUV_422 : Chroma.YUV_444;
    }
}
