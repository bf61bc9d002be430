package xiu.codec.audio;

import io.netty.buffer.ByteBuf;
import xiu.bytes.BitReader;
import xiu.bytes.MalformedDataException;

/**
 * The header of an AC-3 frame: syncinfo and the beginning of bsi (ETSI TS 102 366 §4.3).
 *
 * @param rateCode fscod: 0 to 2
 * @param frameSizeCode frmsizecod: 0 to 37
 * @param streamId bsid: 8, or 9 and 10 for half and a quarter of the rate
 * @param streamMode bsmod
 * @param audioMode acmod: which channels there are
 * @param lowFrequency lfeon: a subwoofer besides
 */
public record Ac3Header(
        int rateCode, int frameSizeCode, int streamId, int streamMode, int audioMode, boolean lowFrequency) {
    static final int SYNC_WORD = 0x0B77;

    private static final int[] RATES = {48_000, 44_100, 32_000};
    private static final int[] CHANNELS = {2, 1, 2, 3, 3, 4, 4, 5};
    private static final int FRAME_SIZES = 38;
    private static final int USUAL_STREAM_ID = 8;
    private static final int HIGHEST_STREAM_ID = 10;

    /**
     * Reads a header.
     *
     * @param frame borrowed; the indices stay
     * @throws MalformedDataException when this is no AC-3 frame, or it is cut short
     */
    public static Ac3Header parse(ByteBuf frame) {
        BitReader in = BitReader.of(frame);
        int sync = in.bits(16);
        in.skip(16); // crc1
        int rateCode = in.bits(2);
        int frameSizeCode = in.bits(6);
        int streamId = in.bits(5);
        int streamMode = in.bits(3);
        int audioMode = in.bits(3);
        if (sync != SYNC_WORD || rateCode == 3 || frameSizeCode >= FRAME_SIZES || streamId > HIGHEST_STREAM_ID) {
            throw MalformedDataException.of("AC-3 sync word", Integer.toHexString(sync), "b77, and an AC-3 header");
        }
        boolean threeInFront = (audioMode & 1) == 1 && audioMode != 1;
        boolean surround = (audioMode & 4) != 0;
        in.skip((threeInFront ? 2 : 0) + (surround ? 2 : 0) + (audioMode == 2 ? 2 : 0)); // mix levels
        return new Ac3Header(rateCode, frameSizeCode, streamId, streamMode, audioMode, in.flag());
    }

    /** Hz. */
    public int sampleRate() {
        return rate(rateCode) >> Math.max(streamId, USUAL_STREAM_ID) - USUAL_STREAM_ID;
    }

    /** How many channels there are, the subwoofer included. */
    public int channels() {
        return channels(audioMode, lowFrequency);
    }

    /** The rate of fscod 0 to 2, Hz. */
    static int rate(int rateCode) {
        return RATES[rateCode];
    }

    /** How many channels acmod and lfeon make. */
    static int channels(int audioMode, boolean lowFrequency) {
        return CHANNELS[audioMode] + (lowFrequency ? 1 : 0);
    }
}
