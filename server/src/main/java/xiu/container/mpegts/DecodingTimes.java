package xiu.container.mpegts;

/**
 * Makes decoding times of a track that a transport stream allows: rising, and not after the presentation. Some encoders write
 * negative composition times; for them decoding is moved ahead by the largest one seen. Ticks of 90 kHz.
 */
final class DecodingTimes {
    private long lag;
    private long last = Long.MIN_VALUE;

    /** The frames that follow do not continue the last ones. */
    void restart() {
        lag = 0;
        last = Long.MIN_VALUE;
    }

    /**
     * The decoding time to write. It rises even when frames are to be shown at one time, so it may be after {@code pts};
     * then the frame is shown when it is decoded.
     */
    long dts(long dts, long pts) {
        lag = Math.max(lag, dts - pts);
        last = last == Long.MIN_VALUE ? dts - lag : Math.max(dts - lag, last + 1);
        return last;
    }
}
