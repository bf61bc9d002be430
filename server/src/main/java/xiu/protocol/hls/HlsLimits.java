package xiu.protocol.hls;

/**
 * The keys of {@code [limits]} that begin with {@code hls_}: the memory that HLS may take.
 *
 * @param segmentBytes longest segment, in bytes; a longer one is cut there
 * @param windowBytes all segments that one stream keeps in memory, in bytes; the oldest go first
 * @param idleBytes segments of all streams that nobody watches by HLS, in bytes; each has an equal share
 * @param heldBytes segments that have left all windows and are still on their way to slow clients, in bytes; the clients
 *     that have taken the longest are closed first
 */
public record HlsLimits(long segmentBytes, long windowBytes, long idleBytes, long heldBytes) {
    private static final HlsLimits DEFAULTS = new HlsLimits(32L << 20, 128L << 20, 32L << 20, 256L << 20);

    public HlsLimits {
        within("segment_bytes", segmentBytes, 64 << 10);
        within("window_bytes", windowBytes, 256 << 10);
        within("idle_bytes", idleBytes, 0);
        within("held_bytes", heldBytes, 256 << 10);
        if (windowBytes < 2 * segmentBytes) {
            throw new IllegalArgumentException("window_bytes: " + windowBytes + " (expected: at least two segments of "
                    + segmentBytes + " bytes)");
        }
    }

    private static void within(String key, long bytes, long least) {
        if (bytes < least || bytes > 1L << 31) {
            throw new IllegalArgumentException(key + ": " + bytes + " (expected: " + least + " bytes to 2GiB)");
        }
    }

    /** The values of keys that the configuration does not name. */
    public static HlsLimits defaults() {
        return DEFAULTS;
    }
}
