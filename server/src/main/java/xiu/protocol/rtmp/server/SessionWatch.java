package xiu.protocol.rtmp.server;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.protocol.rtmp.CutGroups;
import xiu.protocol.rtmp.IngestRate;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.settings.StreamSettings;

/**
 * Checks a session from time to time: whether it does something at all, whether its publisher still sends, and not too
 * much, and whether its player is still there. One timer for each session. Confined to the event loop.
 */
final class SessionWatch {
    private static final long PING_INTERVAL = TimeUnit.SECONDS.toNanos(30);
    /** A client that has published or played may take this many times longer until it asks for something else. */
    private static final int AFTER_USE = 4;

    private static final Logger log = LoggerFactory.getLogger(SessionWatch.class);

    private final SessionConnection connection;
    private final StreamCommands streams;
    private final SessionEvents session;
    private final IngestRate rate = new IngestRate();
    private @Nullable Future<?> next;
    private boolean wasUsed;
    private long idleSince;
    private long receivedBytes;
    private long receivedAt;
    private long pingedAt;
    private long knownRepairs;
    private boolean repairsReported;
    private final CutGroups cuts = new CutGroups();

    SessionWatch(SessionConnection connection, StreamCommands streams, SessionEvents session) {
        this.connection = connection;
        this.streams = streams;
        this.session = session;
    }

    void begin() {
        reset();
    }

    /** What the session does has changed. */
    void reset() {
        long now = connection.loop().ticker().nanoTime();
        wasUsed |= streams.isUsed();
        idleSince = now;
        pingedAt = now;
        received(now);
        rate.begin(receivedBytes, now);
        MediaStream published = streams.published();
        knownRepairs = published == null ? 0 : published.counters().repairs();
        cuts.begin(published);
        schedule();
    }

    void end() {
        if (next != null) {
            next.cancel(false);
        }
    }

    private void schedule() {
        end();
        next = connection
                .loop()
                .schedule(
                        () -> connection.execute(this::check), Math.min(interval(), patience()), TimeUnit.NANOSECONDS);
    }

    /** Until the oldest of the messages that are not whole has taken too long, also if it begins just now. */
    private long patience() {
        long limit = connection.context().limits().messageTimeout().toNanos();
        return Math.max(1, limit - connection.link().unfinishedNanos());
    }

    private long interval() {
        MediaStream published = streams.published();
        if (published != null) {
            // Not less often than the rate is measured, or a patient server would measure over minutes.
            return Math.min(published.settings().publishTimeout().toNanos(), IngestRate.WINDOW) / 4;
        }
        return streams.isUsed() ? PING_INTERVAL : idleLimit() / 4;
    }

    private long idleLimit() {
        Duration limit = connection.context().limits().connectTimeout();
        return (wasUsed ? limit.multipliedBy(AFTER_USE) : limit).toNanos();
    }

    private void check() {
        long now = connection.loop().ticker().nanoTime();
        EndReason reason = judge(now);
        if (reason != null) {
            session.end(reason);
        } else {
            schedule();
        }
    }

    private @Nullable EndReason judge(long now) {
        if (connection.link().isStuck()) {
            connection.trouble("limit_rtmp_message_timeout", "a message is not whole");
            return EndReason.TIMED_OUT;
        }
        boolean silent = connection.link().receivedBytes() == receivedBytes;
        if (!silent) {
            received(now);
        }
        MediaStream published = streams.published();
        if (published != null) {
            reportRepairs(published);
            cuts.check(published, connection::trouble);
            return judgePublisher(published.settings(), now);
        }
        if (!streams.isUsed()) {
            return judgeIdle(now);
        }
        if (silent && now - pingedAt >= PING_INTERVAL) {
            pingedAt = now;
            // Keeps the path open, and makes the kernel find out when there is nobody any more.
            connection.link().write(new UserControl(UserControl.PING_REQUEST, (int)
                    TimeUnit.NANOSECONDS.toMillis(now)));
        }
        return null;
    }

    private @Nullable EndReason judgeIdle(long now) {
        if (now - idleSince < idleLimit()) {
            return null;
        }
        connection.trouble("limit_rtmp_connect_timeout", "neither publishes nor plays");
        return EndReason.TIMED_OUT;
    }

    /** Once for each publisher; how often it was is said when it ends. */
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

    private void received(long now) {
        receivedBytes = connection.link().receivedBytes();
        receivedAt = now;
    }

    private @Nullable EndReason judgePublisher(StreamSettings settings, long now) {
        if (now - receivedAt >= settings.publishTimeout().toNanos()) {
            return EndReason.TIMED_OUT;
        }
        int most = settings.limits().streamKbps();
        if (rate.exceeds(most, receivedBytes, now)) {
            connection.trouble("limit_stream_kbps", "more than " + most + " kbit/s");
            return EndReason.LIMIT;
        }
        return null;
    }
}
