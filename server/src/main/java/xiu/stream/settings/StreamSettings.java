package xiu.stream.settings;

import java.time.Duration;
import java.util.List;

/**
 * The {@code [stream]} table: how streams begin, go on and end.
 *
 * @param onConflict what happens when a second publisher comes to a name
 * @param grace how long viewers stay when the connection of their publisher is lost
 * @param publishTimeout time without data after which a publisher counts as lost
 * @param latency the latency mode of streams that no rule selects
 * @param rules settings of selected streams; the first that matches counts
 * @param gopNum groups of pictures that a new player starts with ({@code [rtmp] gop_num}); 0: none, it waits for a key frame
 * @param limits the stream limits of {@code [limits]}
 */
public record StreamSettings(
        OnConflict onConflict,
        Duration grace,
        Duration publishTimeout,
        LatencyMode latency,
        List<Rule> rules,
        int gopNum,
        StreamLimits limits) {

    /** What happens when a second publisher comes to a name whose first one is alive. */
    public enum OnConflict {
        /** The newcomer takes over when it has the same address or had to show a token; otherwise it is refused. */
        AUTO,
        /** The newcomer takes over. */
        TAKEOVER,
        /** The newcomer is refused. */
        REJECT
    }

    /**
     * One {@code [[stream.rules]]} table: settings of the streams that a pattern selects.
     *
     * @param match the streams it is for
     * @param latency their latency mode
     */
    public record Rule(StreamPattern match, LatencyMode latency) {
        /** The values of keys that the configuration does not name. */
        public static Rule defaults() {
            return new Rule(StreamPattern.ALL, LatencyMode.ADAPTIVE);
        }
    }

    private static final StreamSettings DEFAULTS = new StreamSettings(
            OnConflict.AUTO,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            LatencyMode.ADAPTIVE,
            List.of(),
            1,
            StreamLimits.defaults());

    public StreamSettings {
        rules = List.copyOf(rules);
        if (grace.isNegative() || grace.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("grace: " + grace.toSeconds() + " s (expected: 0 to 3600 s)");
        }
        if (publishTimeout.compareTo(Duration.ofSeconds(1)) < 0 || publishTimeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "publish_timeout: " + publishTimeout.toMillis() + " ms (expected: 1 s to 3600 s)");
        }
        if (gopNum < 0 || gopNum > 64) {
            throw new IllegalArgumentException("gop_num: " + gopNum + " (expected: 0 to 64)");
        }
    }

    /** The values of keys that the configuration does not name. */
    public static StreamSettings defaults() {
        return DEFAULTS;
    }

    /** These settings with the keys that come from other tables. */
    public StreamSettings with(int newGopNum, StreamLimits newLimits) {
        return new StreamSettings(onConflict, grace, publishTimeout, latency, rules, newGopNum, newLimits);
    }

    /** The latency mode of the stream with the path {@code app/name}. */
    public LatencyMode latencyOf(String path) {
        for (Rule rule : rules) {
            if (rule.match().matches(path)) {
                return rule.latency();
            }
        }
        return latency;
    }
}
