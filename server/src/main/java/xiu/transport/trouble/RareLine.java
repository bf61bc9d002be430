package xiu.transport.trouble;

/**
 * Decides when a repeated event is worth a log line: the first time, and then at most once per interval. Any thread.
 */
public final class RareLine {
    private final long intervalNanos;
    private long times;
    private long reportedAt;
    private boolean reported;

    /** One line per interval at most. */
    public RareLine(long intervalNanos) {
        this.intervalNanos = intervalNanos;
    }

    /**
     * It happened, at a time of {@link System#nanoTime()}.
     *
     * @return how often since the last line, if a line is due now; otherwise 0
     */
    public synchronized long happened(long now) {
        times++;
        if (reported && now - reportedAt < intervalNanos) {
            return 0;
        }
        reported = true;
        reportedAt = now;
        long since = times;
        times = 0;
        return since;
    }
}
