package xiu.protocol.rtmp.server;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.protocol.rtmp.CutGroups;
import xiu.protocol.rtmp.IngestRate;
import xiu.protocol.rtmp.server.session.SessionConnection;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Publication;
import xiu.stream.settings.StreamSettings;

/**
 * Checks what a session's publisher sends: whether anything comes, whether it is too much, and which faults it has.
 * Confined to the event loop.
 */
final class PublisherCheck {
    private static final Logger log = LoggerFactory.getLogger(PublisherCheck.class);

    private final SessionConnection connection;
    private final IngestRate rate = new IngestRate();
    private final CutGroups cuts = new CutGroups();
    private long knownRepairs;
    private boolean repairsReported;

    PublisherCheck(SessionConnection connection) {
        this.connection = connection;
    }

    /**
     * Counts from now on.
     *
     * @param published the stream that is fed; null: none
     * @param bytes received until now
     * @param now ns
     */
    void begin(@Nullable MediaStream published, long bytes, long now) {
        rate.begin(bytes, now);
        knownRepairs = published == null ? 0 : published.counters().repairs();
        cuts.begin(published);
    }

    /**
     * Why the session has to end, or null.
     *
     * @param bytes received until now
     * @param now ns
     * @param silence for how long nothing has come, ns
     */
    @Nullable
    EndReason check(MediaStream published, long bytes, long now, long silence) {
        reportRepairs(published);
        cuts.check(published, connection::trouble);
        StreamSettings settings = published.settings();
        if (silence >= settings.publishTimeout().toNanos()) {
            return EndReason.TIMED_OUT;
        }
        Publication right = published.publication();
        int general = settings.limits().streamKbps();
        int most = right == null ? general : right.limits().kbpsWithin(general);
        if (rate.exceeds(most, bytes, now)) {
            connection.trouble("limit_stream_kbps", "more than " + most + " kbit/s");
            return EndReason.LIMIT;
        }
        return null;
    }

    /** Logged once for each session; the total is in the line at the publisher's end. */
    private void reportRepairs(MediaStream published) {
        long repairs = published.counters().repairs();
        if (repairs > knownRepairs && !repairsReported) {
            repairsReported = true;
            log.warn(
                    "event=timestamps_repaired session={} peer={} stream={} times={}",
                    connection.peer().id(),
                    connection.peer(),
                    published.key(),
                    repairs - knownRepairs);
        }
        knownRepairs = repairs;
    }
}
