package xiu.container.mpegts;

/**
 * Makes decoding times of a track that a transport stream allows: rising, and not after the presentation. Some encoders write
 * negative composition times; for them decoding is moved ahead by the largest one seen, within bounds. Ticks of 90 kHz.
 */
final class DecodingTimes {
    /**
     * No order of frames needs more, 0.5 s. Decoding that was moved farther ahead would run behind the program clock,
     * which the other track drives on.
     */
    private static final long MOST_LAG = 45_000;

    private long lag;
    private long last = Long.MIN_VALUE;

    /** The frames that follow do not continue the last ones. */
    void restart() {
        lag = 0;
        last = Long.MIN_VALUE;
    }

    /**
     * The decoding time to write. It rises even when frames are to be shown at one time, or claim to be shown long before
     * they come, so it may be after {@code pts}; then the frame is shown when it is decoded.
     */
    long dts(long dts, long pts) {
        lag = Math.max(lag, Math.min(dts - pts, MOST_LAG));
        last = last == Long.MIN_VALUE ? dts - lag : Math.max(dts - lag, last + 1);
        return last;
    }
}
