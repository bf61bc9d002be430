package xiu.protocol.rtmp.server;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xiu.protocol.rtmp.IngestRate;
import xiu.protocol.rtmp.server.session.SessionConnection;
import xiu.protocol.rtmp.server.session.SessionEvents;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;

/**
 * Checks a session at intervals: whether it publishes or plays at all, whether its publisher still sends, and not too
 * much, and whether its player is still there. One timer for each session. Confined to the event loop.
 */
final class SessionWatch {
    private static final long PING_INTERVAL = TimeUnit.SECONDS.toNanos(30);
    /** A client that has published or played before may be idle for this many times longer. */
    private static final int AFTER_USE = 4;

    private final SessionConnection connection;
    private final StreamCommands streams;
    private final SessionEvents session;
    private final PublisherCheck publisher;
    private @Nullable Future<?> next;
    private boolean wasUsed;
    private long idleSince;
    private long receivedBytes;
    private long receivedAt;
    private long pingedAt;

    SessionWatch(SessionConnection connection, StreamCommands streams, SessionEvents session) {
        this.connection = connection;
        this.streams = streams;
        this.session = session;
        this.publisher = new PublisherCheck(connection);
    }

    void begin() {
        reset();
    }

    /** Starts again, because what the session does has changed. */
    void reset() {
        long now = connection.loop().ticker().nanoTime();
        wasUsed |= streams.isUsed();
        idleSince = now;
        pingedAt = now;
        received(now);
        publisher.begin(streams.published(), receivedBytes, now);
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

    /** How long until the oldest incomplete message would take too long, also one that begins just now. */
    private long patience() {
        long limit = connection.context().limits().messageTimeout().toNanos();
        return Math.max(1, limit - connection.link().unfinishedNanos());
    }

    private long interval() {
        MediaStream published = streams.published();
        if (published != null) {
            // At least once per window of the rate, which would otherwise be measured over minutes where the timeout is
            // long.
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
            return publisher.check(published, receivedBytes, now, now - receivedAt);
        }
        if (!streams.isUsed()) {
            return judgeIdle(now);
        }
        if (silent && now - pingedAt >= PING_INTERVAL) {
            pingedAt = now;
            // Keeps the network path open, and makes the kernel notice when the peer is gone.
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

    private void received(long now) {
        receivedBytes = connection.link().receivedBytes();
        receivedAt = now;
    }
}
