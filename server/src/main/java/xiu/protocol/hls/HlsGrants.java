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
 * Remembers what HLS viewers were granted. There is no connection, so requests for the same stream from the same
 * address with the same credentials are one session, which is decided once. It ends when nothing is asked for a while,
 * or when its grant expires. Any thread.
 */
final class HlsGrants {
    /** Most sessions; further ones are not remembered, and are decided anew for each request. */
    static final int MOST = 20_000;

    /** Longest credential that is remembered, percent-encoded: longer ones could take too much memory together. */
    static final int MOST_CREDENTIAL = 1_024;

    /** After a pause of this length a session is decided again. (A viewer asks once per segment.) */
    static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Map<Session, Remembered> sessions = new ConcurrentHashMap<>();
    private final AtomicLong sweptAt;

    /**
     * What identifies a session. Its text never shows the credentials.
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

    /** Whether this session has a grant that has not expired; its idle time starts again then. */
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

    /** Remembers the grant of a session that begins. */
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
