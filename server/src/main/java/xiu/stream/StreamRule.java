package xiu.stream;

/**
 * One {@code [[stream.rules]]} table: settings of the streams that a pattern selects.
 *
 * @param match the streams it is for
 * @param latency their latency mode
 */
public record StreamRule(StreamPattern match, LatencyMode latency) {
    private static final StreamRule DEFAULTS = new StreamRule(StreamPattern.ALL, LatencyMode.ADAPTIVE);

    /** What is used for keys that the configuration does not name. */
    public static StreamRule defaults() {
        return DEFAULTS;
    }
}
