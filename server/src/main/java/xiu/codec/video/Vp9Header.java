package xiu.codec.video;

import io.netty.buffer.ByteBuf;
import xiu.bytes.BitReader;
import xiu.bytes.MalformedDataException;

/**
 * The uncompressed header of a key frame of VP9 (VP9 bitstream specification §6.2), to the frame's size.
 *
 * @param profile 0 to 3
 * @param format size, bit depth, chroma and colours
 */
public record Vp9Header(int profile, VideoFormat format) {
    private static final int FRAME_MARKER = 2;
    private static final int SYNC_CODE = 0x498342;
    private static final int RGB = 7;
    /** Primaries, transfer and matrix of color_space 0 to 7 (§7.2.2), as far as VP9 names them. */
    private static final int[][] COLORS = {
        {2, 2, 2}, {6, 6, 6}, {1, 1, 1}, {6, 6, 6}, {7, 7, 7}, {9, 2, 9}, {2, 2, 2}, {1, 13, 0}
    };

    /**
     * Reads a header.
     *
     * @param frame borrowed; the indices stay
     * @throws MalformedDataException when this is no key frame, or it is cut short
     */
    public static Vp9Header parse(ByteBuf frame) {
        BitReader in = BitReader.of(frame);
        int marker = in.bits(2);
        int profile = in.bits(1) + 2 * in.bits(1);
        if (profile == 3) {
            in.skip(1);
        }
        boolean repeated = in.flag(); // show_existing_frame
        boolean inter = in.flag(); // frame_type
        in.skip(2); // show_frame, error_resilient_mode
        int sync = in.bits(24);
        if (marker != FRAME_MARKER || repeated || inter || sync != SYNC_CODE) {
            throw MalformedDataException.of("VP9 sync code", Integer.toHexString(sync), "498342 of a key frame");
        }
        VideoFormat format = format(in, profile);
        int width = 1 + in.bits(16);
        return new Vp9Header(profile, format.sized(width, 1 + in.bits(16)));
    }

    /** color_config, §6.2.2. */
    private static VideoFormat format(BitReader in, int profile) {
        int bitDepth = profile >= 2 ? in.flag() ? 12 : 10 : 8;
        boolean anyChroma = (profile & 1) == 1;
        int space = in.bits(3);
        boolean fullRange = space == RGB || in.flag();
        Chroma chroma = space == RGB ? Chroma.YUV_444 : Chroma.YUV_420;
        if (anyChroma && space != RGB) {
            boolean halvedAcross = in.flag();
            boolean halvedDown = in.flag();
            // 4:4:0, halved down alone, has no name in H.273 and no encoder that streams it.
            chroma = halvedAcross ? halvedDown ? Chroma.YUV_420 : Chroma.YUV_422 : Chroma.YUV_444;
        }
        in.skip(anyChroma ? 1 : 0); // reserved_zero
        int[] codes = COLORS[space];
        ColorDescription color = new ColorDescription(codes[0], codes[1], codes[2], fullRange);
        return new VideoFormat(0, 0, Rational.UNKNOWN, Rational.UNKNOWN, bitDepth, chroma, color);
    }
}
