package xiu.protocol.rtmp;

import java.util.concurrent.TimeUnit;

/** Measures whether a stream arrives faster than it may, over windows of ten seconds. Confined to its event loop. */
public final class IngestRate {
    /** Length of a window, ns. */
    public static final long WINDOW = TimeUnit.SECONDS.toNanos(10);

    private long windowBytes;
    private long windowBegan;

    /** Starts a window: {@code bytes} were received until {@code now}, ns. */
    public void begin(long bytes, long now) {
        windowBytes = bytes;
        windowBegan = now;
    }

    /**
     * Whether too much has come within the present window.
     *
     * @param kbps the highest bit rate, kbit/s; 0: any
     * @param bytes received until now, from the beginning of the connection
     * @param now ns
     */
    public boolean exceeds(int kbps, long bytes, long now) {
        long kilobits = (bytes - windowBytes) * 8 / 1000;
        if (kbps > 0 && kilobits > kbps * TimeUnit.NANOSECONDS.toSeconds(WINDOW)) {
            return true;
        }
        if (now - windowBegan >= WINDOW) {
            begin(bytes, now);
        }
        return false;
    }
}
