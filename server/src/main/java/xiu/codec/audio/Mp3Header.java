package xiu.codec.audio;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;

/**
 * The 32-bit header in front of every MPEG audio frame (ISO/IEC 11172-3 §2.4.1.3, ISO/IEC 13818-3, MPEG-2.5).
 *
 * @param layer 1, 2 or 3
 * @param bitrate bit/s
 * @param sampleRate Hz
 * @param channels 1 or 2
 * @param samplesPerFrame per channel
 * @param frameBytes header and frame together
 */
public record Mp3Header(int layer, int bitrate, int sampleRate, int channels, int samplesPerFrame, int frameBytes) {
    private static final int[] RATES = {44_100, 48_000, 32_000};
    /** kbit/s for MPEG-1 layer I, II, III, then MPEG-2 and 2.5 layer I, and II and III. */
    private static final int[][] BITRATES = {
        {32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
        {32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
        {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
        {32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
        {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
    };

    /**
     * Reads the header of a frame.
     *
     * @param frame borrowed; the indices stay
     * @throws MalformedDataException when there is none
     */
    public static Mp3Header parse(ByteBuf frame) {
        if (frame.readableBytes() < 4) {
            throw MalformedDataException.of("MPEG audio frame", frame.readableBytes() + " bytes", "at least 4");
        }
        return parse(frame.getInt(frame.readerIndex()));
    }

    /**
     * Reads a header.
     *
     * @param header the frame's first four bytes, big-endian
     * @throws MalformedDataException when these are no header, or one of the free format, which has no length
     */
    public static Mp3Header parse(int header) {
        int version = header >>> 19 & 3; // 0: MPEG-2.5, 2: MPEG-2, 3: MPEG-1
        int layer = 4 - (header >>> 17 & 3);
        int bitrateIndex = header >>> 12 & 15;
        int rateIndex = header >>> 10 & 3;
        boolean sync = header >>> 21 == 0x7FF;
        if (!sync || version == 1 || layer == 4 || bitrateIndex == 0 || bitrateIndex == 15 || rateIndex == 3) {
            throw MalformedDataException.of("MPEG audio header", Integer.toHexString(header), "a frame header");
        }
        boolean mpeg1 = version == 3;
        int row = mpeg1 ? layer - 1 : layer == 1 ? 3 : 4;
        int bitrate = BITRATES[row][bitrateIndex - 1] * 1000;
        int sampleRate = RATES[rateIndex] >> (mpeg1 ? 0 : version == 2 ? 1 : 2);
        int samples = layer == 1 ? 384 : layer == 2 || mpeg1 ? 1152 : 576;
        int padding = header >>> 9 & 1;
        int bytes =
                layer == 1 ? (12 * bitrate / sampleRate + padding) * 4 : samples / 8 * bitrate / sampleRate + padding;
        int channels = (header >>> 6 & 3) == 3 ? 1 : 2;
        return new Mp3Header(layer, bitrate, sampleRate, channels, samples, bytes);
    }

    /** How long the frame sounds, in µs, rounded down. */
    public long frameDuration() {
        return samplesPerFrame * 1_000_000L / sampleRate;
    }
}
