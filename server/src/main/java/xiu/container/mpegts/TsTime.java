package xiu.container.mpegts;

/**
 * Microseconds to the 90 kHz clock of a transport stream. Everything is shown {@link #OFFSET} later than its own time,
 * so that the program clock, which runs {@link #PCR_LEAD} ahead of decoding, never begins below zero.
 */
final class TsTime {
    /** Added to every time stamp, in ticks: 1.4 s. */
    static final long OFFSET = 126_000;
    /**
     * How long before its decoding time a frame may arrive, in ticks: 0.7 s. Enough for audio that comes later than the
     * video of its time.
     */
    static final long PCR_LEAD = 63_000;
    /** Time stamps have 33 bits: they wrap after 26.5 hours. */
    static final long MASK = (1L << 33) - 1;

    private TsTime() {}

    /** A media time in ticks, not wrapped yet. */
    static long ticks(long micros) {
        return Math.floorDiv(micros * 9, 100) + OFFSET;
    }
}
