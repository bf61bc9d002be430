package xiu.container.mpegts;

/**
 * What the first packet of a unit says besides the payload (ISO/IEC 13818-1 §2.4.3.4).
 *
 * @param pcr the program clock in ticks of 90 kHz, already wrapped, or {@link #NO_PCR}
 * @param randomAccess a decoder can begin with this unit
 * @param discontinuity the program clock does not continue the last one
 */
record TsMark(long pcr, boolean randomAccess, boolean discontinuity) {
    /** A unit that carries no program clock. */
    static final long NO_PCR = -1;

    static final TsMark NONE = new TsMark(NO_PCR, false, false);

    private static final int DISCONTINUITY = 0x80;
    private static final int RANDOM_ACCESS = 0x40;
    private static final int HAS_PCR = 0x10;

    /** The flags of the adaptation field; 0: none is needed. */
    int flags() {
        return (discontinuity ? DISCONTINUITY : 0) | (randomAccess ? RANDOM_ACCESS : 0) | (pcr >= 0 ? HAS_PCR : 0);
    }

    /** How long the adaptation field of these flags is: length byte, flags and clock, or nothing. */
    static int bytes(int flags) {
        return flags == 0 ? 0 : (flags & HAS_PCR) != 0 ? 8 : 2;
    }
}
