package xiu.stream.settings;

import java.time.Duration;

/**
 * The keys of {@code [limits]} that bound streams and their viewers.
 *
 * @param streams live streams of the whole server
 * @param streamKbps highest bit rate of one publisher or pulled stream over ten seconds, in kbit/s; 0: no limit
 * @param logBytes bytes of media that one stream keeps for late and slow players
 * @param logPackets packets that one stream keeps
 * @param logDuration media time that one stream keeps
 * @param viewerBacklogBytes bytes that a viewer may be behind before it skips to the newest key frame
 * @param viewerBacklogTime media time that a viewer may be behind before it skips
 * @param viewerStallTimeout time in which a viewer that is behind must take some bytes; then it is closed
 * @param viewerSkips skips within a minute after which a viewer is closed; 0: never
 * @param memory bytes of media that all streams and viewers may hold before the slowest are closed; 0: three quarters of
 *     the direct memory that the JVM may take
 */
public record StreamLimits(
        int streams,
        int streamKbps,
        long logBytes,
        int logPackets,
        Duration logDuration,
        long viewerBacklogBytes,
        Duration viewerBacklogTime,
        Duration viewerStallTimeout,
        int viewerSkips,
        long memory) {

    private static final StreamLimits DEFAULTS = new StreamLimits(
            4_096,
            200_000,
            16L << 20,
            16_384,
            Duration.ofSeconds(30),
            8L << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            20,
            0);

    public StreamLimits {
        within("streams", streams, 1, 1_000_000);
        within("stream_kbps", streamKbps, 0, Integer.MAX_VALUE);
        within("log_bytes", logBytes, 64 << 10, 1L << 31);
        within("log_packets", logPackets, 64, 1 << 20);
        within("log_duration", logDuration, 1);
        within("viewer_backlog_bytes", viewerBacklogBytes, 64 << 10, 1L << 31);
        within("viewer_backlog_time", viewerBacklogTime, 1);
        within("viewer_stall_timeout", viewerStallTimeout, 1);
        within("viewer_skips", viewerSkips, 0, 1_000_000);
        within("memory", memory, 0, 1L << 46);
    }

    private static void within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }

    private static void within(String key, Duration time, long leastSeconds) {
        if (time.compareTo(Duration.ofSeconds(leastSeconds)) < 0 || time.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    key + ": " + time.toMillis() + " ms (expected: " + leastSeconds + " s to 3600 s)");
        }
    }

    /** The values of keys that the configuration does not name. */
    public static StreamLimits defaults() {
        return DEFAULTS;
    }
}
