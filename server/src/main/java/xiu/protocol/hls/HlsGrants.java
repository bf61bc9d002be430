package xiu.protocol.hls;

import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import xiu.stream.AccessPolicy.Granted;
import xiu.stream.StreamKey;

/**
 * What viewers have been granted. HLS has no connection to go by, so whoever asks for the same stream from the same
 * address with the same credentials is the same session, which was decided once; it ends when nothing is asked for a
 * while, or when its grant's time is over. Any thread.
 */
final class HlsGrants {
    /** Who is one too many is not remembered, and is decided anew each time. */
    static final int MOST = 20_000;

    /** Longer ones, percent-encoded, are not remembered: together they would take too much memory. */
    static final int MOST_CREDENTIAL = 1_024;

    /** A viewer asks once per segment; one that pauses for longer than this is decided again. */
    static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Map<Session, Remembered> sessions = new ConcurrentHashMap<>();
    private final AtomicLong sweptAt;

    /**
     * By what to know a session. Its text never shows what it holds.
     *
     * @param query the part of the query that is a credential
     * @param bearer the bearer token
     */
    record Session(StreamKey key, @Nullable InetAddress address, String query, String bearer) {
        @Override
        public String toString() {
            return "session of " + key;
        }
    }

    private static final class Remembered {
        private final Granted granted;
        private volatile long seen;

        private Remembered(Granted granted, long seen) {
            this.granted = granted;
            this.seen = seen;
        }
    }

    HlsGrants(LongSupplier nanoTime, InstantSource clock) {
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.sweptAt = new AtomicLong(nanoTime.getAsLong());
    }

    /** Whether this session's grant still counts; then it goes on. */
    boolean covers(Session session) {
        Remembered known = sessions.get(session);
        if (known == null) {
            return false;
        }
        long now = nanoTime.getAsLong();
        if (isOver(known, now, clock.instant())) {
            sessions.remove(session, known);
            return false;
        }
        known.seen = now;
        return true;
    }

    /** A session begins. */
    void remember(Session session, Granted granted) {
        long now = nanoTime.getAsLong();
        long last = sweptAt.get();
        if (now - last >= SWEEP_NANOS && sweptAt.compareAndSet(last, now)) {
            Instant wall = clock.instant();
            sessions.values().removeIf(known -> isOver(known, now, wall));
        }
        int credential = session.query().length() + session.bearer().length();
        if (sessions.size() < MOST && credential <= MOST_CREDENTIAL) {
            sessions.put(session, new Remembered(granted, now));
        }
    }

    private static boolean isOver(Remembered known, long now, Instant wall) {
        return now - known.seen > IDLE_NANOS || known.granted.isOver(wall);
    }

    int size() {
        return sessions.size();
    }
}
