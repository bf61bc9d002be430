package xiu.container.mpegts;

/**
 * Makes decoding times that a transport stream allows: rising, and never after the presentation. Some encoders write
 * negative composition times; for them decoding is moved ahead by the largest one seen. Ticks of 90 kHz.
 */
final class VideoTimes {
    private long lag;
    private long last = Long.MIN_VALUE;

    /** The frames that follow do not continue the last ones. */
    void restart() {
        lag = 0;
        last = Long.MIN_VALUE;
    }

    /** The decoding time to write. */
    long dts(long dts, long pts) {
        lag = Math.max(lag, dts - pts);
        long rising = last == Long.MIN_VALUE ? dts - lag : Math.max(dts - lag, last + 1);
        last = Math.min(rising, pts);
        return last;
    }
}
