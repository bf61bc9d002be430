package xiu.codec.audio;

import xiu.bytes.MalformedDataException;

/** The sampling frequency table of ISO/IEC 14496-3 §1.6.3.4. */
public final class AacSampleRates {
    private static final int[] RATES = {
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350
    };

    private AacSampleRates() {}

    /** The rate of an index, Hz. */
    public static int rate(int index) {
        if (index >= RATES.length) {
            throw MalformedDataException.of("AAC sampling frequency index", index, "0 to 12, or 15");
        }
        return RATES[index];
    }

    /** The index of a rate, or -1. */
    public static int index(int rate) {
        for (int i = 0; i < RATES.length; i++) {
            if (RATES[i] == rate) {
                return i;
            }
        }
        return -1;
    }
}
