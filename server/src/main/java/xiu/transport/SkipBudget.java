package xiu.transport;

import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import xiu.stream.Peer;
import xiu.transport.trouble.RareLines;

/**
 * Bounds how often a viewer may skip within a minute. A viewer over the bound is logged, at intervals. Confined to its
 * event loop.
 */
final class SkipBudget {
    /** Shared by all viewers: a crowd behind one bad line must not fill the log file. */
    static final RareLines LINES = new RareLines(LoggerFactory.getLogger(Playback.class));

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Peer peer;
    private int spent;
    private long since;

    SkipBudget(Peer peer) {
        this.peer = peer;
    }

    /**
     * Counts a skip; false when there were too many in the last minute.
     *
     * @param now ns
     * @param most skips within a minute; 0: any number
     */
    boolean spend(long now, int most) {
        LINES.happened("limit_viewer_backlog", peer, "too far behind, goes on at a newer key frame");
        if (spent == 0 || now - since > MINUTE) {
            since = now;
            spent = 0;
        }
        spent++;
        boolean left = most == 0 || spent <= most;
        if (!left) {
            LINES.happened("limit_viewer_skips", peer, "more than " + most + " skips in a minute");
        }
        return left;
    }
}
