package xiu.container.mpegts;

/**
 * Makes decoding times of a track that a transport stream allows: rising, and not after the presentation. Some encoders write
 * negative composition times; for them decoding is moved ahead by the largest one seen, within bounds. Ticks of 90 kHz.
 */
final class DecodingTimes {
    /**
     * No order of frames needs more, 0.5 s. If decoding were moved further ahead, it would fall behind the program
     * clock, which the other track moves on.
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
     * The decoding time to write. It always rises, even when several frames have one presentation time, or one that is
     * long past; then it may be after {@code pts}, and the frame is shown when it is decoded.
     */
    long dts(long dts, long pts) {
        lag = Math.max(lag, Math.min(dts - pts, MOST_LAG));
        last = last == Long.MIN_VALUE ? dts - lag : Math.max(dts - lag, last + 1);
        return last;
    }
}
