package xiu.transport;

import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import xiu.stream.Peer;
import xiu.transport.trouble.RareLines;

/** How often a viewer may skip: so many times within a minute. Says so, rarely. Confined to its event loop. */
final class SkipBudget {
    /** Of all viewers: a crowd on one bad line must not fill the log. */
    static final RareLines LINES = new RareLines(LoggerFactory.getLogger(Playback.class));

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Peer peer;
    private int spent;
    private long since;

    SkipBudget(Peer peer) {
        this.peer = peer;
    }

    /**
     * Spends one at {@code now}, ns; false when there is none left.
     *
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
