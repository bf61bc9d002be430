package xiu.codec.audio;

import io.netty.buffer.ByteBuf;
import xiu.bytes.BitReader;
import xiu.bytes.MalformedDataException;

/**
 * The header of an E-AC-3 frame (ETSI TS 102 366 §E.1.2). A sample is a frame of each substream: an independent one first,
 * and others that add channels to it.
 *
 * @param streamType strmtyp: 0 independent, 1 dependent, 2 independent and made of AC-3
 * @param substream substreamid
 * @param frameBytes header and frame together
 * @param rateCode fscod: 0 to 2; 3: half of the rate, as in fscod2
 * @param sampleRate Hz
 * @param blocks of 256 samples: 1, 2, 3 or 6
 * @param streamId bsid: 11 to 16
 * @param audioMode acmod: which channels there are
 * @param lowFrequency lfeon: a subwoofer besides
 * @param channelMap chanmap of a dependent substream: where its channels belong; 0 when it has none
 */
public record Eac3Header(
        int streamType,
        int substream,
        int frameBytes,
        int rateCode,
        int sampleRate,
        int blocks,
        int streamId,
        int audioMode,
        boolean lowFrequency,
        int channelMap) {
    private static final int[] BLOCKS = {1, 2, 3, 6};
    private static final int DEPENDENT = 1;
    private static final int RESERVED = 3;
    private static final int HALF_RATE = 3;
    private static final int LOWEST_STREAM_ID = 11;
    private static final int HIGHEST_STREAM_ID = 16;

    /**
     * Reads a header.
     *
     * @param frame borrowed; the indices stay
     * @throws MalformedDataException when this is no E-AC-3 frame, or it is cut short
     */
    public static Eac3Header parse(ByteBuf frame) {
        BitReader in = BitReader.of(frame);
        int sync = in.bits(16);
        int streamType = in.bits(2);
        int substream = in.bits(3);
        int frameBytes = 2 * (in.bits(11) + 1);
        int rateCode = in.bits(2);
        int more = in.bits(2); // fscod2 or numblkscod
        if (sync != Ac3Header.SYNC_WORD || streamType == RESERVED || rateCode == HALF_RATE && more == RESERVED) {
            throw MalformedDataException.of("E-AC-3 sync word", Integer.toHexString(sync), "b77, and an E-AC-3 header");
        }
        int sampleRate = rateCode == HALF_RATE ? Ac3Header.rate(more) / 2 : Ac3Header.rate(rateCode);
        int blocks = rateCode == HALF_RATE ? 6 : BLOCKS[more];
        int audioMode = in.bits(3);
        boolean lowFrequency = in.flag();
        int streamId = in.bits(5);
        if (streamId < LOWEST_STREAM_ID || streamId > HIGHEST_STREAM_ID) {
            throw MalformedDataException.of("E-AC-3 bsid", streamId, "11 to 16");
        }
        int programs = audioMode == 0 ? 2 : 1;
        for (int program = 0; program < programs; program++) {
            in.skip(5); // dialnorm
            in.skip(in.flag() ? 8 : 0); // compr
        }
        int channelMap = streamType == DEPENDENT && in.flag() ? in.bits(16) : 0;
        return new Eac3Header(
                streamType,
                substream,
                frameBytes,
                rateCode,
                sampleRate,
                blocks,
                streamId,
                audioMode,
                lowFrequency,
                channelMap);
    }

    /** Whether it adds channels to the independent substream before. */
    public boolean dependent() {
        return streamType == DEPENDENT;
    }

    /** How many channels there are, the subwoofer included. */
    public int channels() {
        return Ac3Header.channels(audioMode, lowFrequency);
    }

    /** kbit/s of this substream. */
    public int bitrate() {
        return (int) (8L * frameBytes * sampleRate / (256L * blocks) / 1000);
    }
}
