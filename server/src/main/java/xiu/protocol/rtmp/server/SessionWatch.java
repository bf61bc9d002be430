package xiu.protocol.rtmp.server;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xiu.protocol.rtmp.CutGroups;
import xiu.protocol.rtmp.IngestRate;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.settings.StreamSettings;

/**
 * Looks at a session from time to time: whether it does something at all, whether its publisher still sends, and not too
 * much, and whether its player is still there. One timer for each session. Confined to the event loop.
 */
final class SessionWatch {
    private static final long PING_INTERVAL = TimeUnit.SECONDS.toNanos(30);
    /** A client that has published or played may take some time more to think of the next thing. */
    private static final int SECOND_THOUGHTS = 4;

    private final RtmpServerSession session;
    private final IngestRate rate = new IngestRate();
    private @Nullable Future<?> next;
    private boolean wasUsed;
    private long idleSince;
    private long heardBytes;
    private long heardAt;
    private long askedAt;
    private long knownRepairs;
    private boolean repairsReported;
    private final CutGroups cuts = new CutGroups();

    SessionWatch(RtmpServerSession session) {
        this.session = session;
    }

    void begin() {
        reset();
    }

    /** What the session does has changed. */
    void reset() {
        long now = session.link().channel().eventLoop().ticker().nanoTime();
        wasUsed |= session.commands().isUsed();
        idleSince = now;
        askedAt = now;
        hear(now);
        rate.begin(heardBytes, now);
        MediaStream published = session.commands().published();
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
        next = session.link()
                .channel()
                .eventLoop()
                .schedule(() -> session.execute(this::look), Math.min(interval(), patience()), TimeUnit.NANOSECONDS);
    }

    /** Until the oldest of the messages that are not whole has taken too long, also if it begins just now. */
    private long patience() {
        long limit = session.limits().messageTimeout().toNanos();
        return Math.max(1, limit - session.link().unfinishedNanos());
    }

    private long interval() {
        MediaStream published = session.commands().published();
        if (published != null) {
            // Not less often than the rate is measured, or a patient server would measure over minutes.
            return Math.min(published.settings().publishTimeout().toNanos(), IngestRate.WINDOW) / 4;
        }
        return session.commands().isUsed() ? PING_INTERVAL : idleLimit() / 4;
    }

    private long idleLimit() {
        Duration limit = session.limits().connectTimeout();
        return (wasUsed ? limit.multipliedBy(SECOND_THOUGHTS) : limit).toNanos();
    }

    private void look() {
        long now = session.link().channel().eventLoop().ticker().nanoTime();
        EndReason reason = judge(now);
        if (reason != null) {
            session.end(reason);
        } else {
            schedule();
        }
    }

    private @Nullable EndReason judge(long now) {
        if (session.link().isStuck()) {
            session.trouble("limit_rtmp_message_timeout", "a message is not whole");
            return EndReason.TIMED_OUT;
        }
        boolean silent = session.link().receivedBytes() == heardBytes;
        if (!silent) {
            hear(now);
        }
        MediaStream published = session.commands().published();
        if (published != null) {
            reportRepairs(published);
            cuts.check(published, session::trouble);
            return judgePublisher(published.settings(), now);
        }
        if (!session.commands().isUsed()) {
            return judgeIdle(now);
        }
        if (silent && now - askedAt >= PING_INTERVAL) {
            askedAt = now;
            // Keeps the path open, and makes the kernel find out when there is nobody any more.
            session.link().write(new UserControl(UserControl.PING_REQUEST, (int) TimeUnit.NANOSECONDS.toMillis(now)));
        }
        return null;
    }

    private @Nullable EndReason judgeIdle(long now) {
        if (now - idleSince < idleLimit()) {
            return null;
        }
        session.trouble("limit_rtmp_connect_timeout", "neither publishes nor plays");
        return EndReason.TIMED_OUT;
    }

    /** Once for each publisher; how often it was is said when it ends. */
    private void reportRepairs(MediaStream published) {
        long repairs = published.counters().repairs();
        if (repairs > knownRepairs && !repairsReported) {
            repairsReported = true;
            session.repaired(published, repairs - knownRepairs);
        }
        knownRepairs = repairs;
    }

    private void hear(long now) {
        heardBytes = session.link().receivedBytes();
        heardAt = now;
    }

    private @Nullable EndReason judgePublisher(StreamSettings settings, long now) {
        if (now - heardAt >= settings.publishTimeout().toNanos()) {
            return EndReason.TIMED_OUT;
        }
        int most = settings.limits().streamKbps();
        if (rate.exceeds(most, heardBytes, now)) {
            session.trouble("limit_stream_kbps", "more than " + most + " kbit/s");
            return EndReason.LIMIT;
        }
        return null;
    }
}
