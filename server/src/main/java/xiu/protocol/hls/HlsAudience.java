package xiu.protocol.hls;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import xiu.http.HttpExchange;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.StreamKey;
import xiu.stream.Viewer;

/**
 * The viewers of a stream by HLS. There is no connection, so a viewer is an address, a user agent and, where
 * credentials are needed, the session of these, from which playlists or segments are requested again and again. A
 * pulled stream stays as long as it has such a viewer. Any thread.
 */
final class HlsAudience {
    /** The protocol of HLS viewers, by which access is decided. */
    static final String PROTOCOL = "hls";

    private static final int MOST = 20_000;
    private static final long LEAST_PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final int TARGETS = 3;

    private final MediaStream stream;
    private final LongSupplier nanoTime;
    private final Map<Visitor, Visit> visits = new ConcurrentHashMap<>();
    private volatile boolean ended;

    /** Both methods are written out, because they are called for every request; see {@link StreamKey}. */
    private record Visitor(@Nullable InetAddress address, String agent, int session) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Visitor visitor
                    && session == visitor.session
                    && agent.equals(visitor.agent)
                    && Objects.equals(address, visitor.address);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * session + agent.hashCode()) + (address == null ? 0 : address.hashCode());
        }
    }

    /** The state of one visitor. A visit may end before, while or after its viewer joins, and has none afterwards. */
    static final class Visit {
        /** For visitors that are not counted. */
        private static final Visit UNCOUNTED = new Visit(0);

        /** Written with this visit's monitor held. */
        private volatile @Nullable Viewer viewer;

        private boolean joined;
        /** Why no viewer may join for it any more; guarded by this visit. */
        private @Nullable EndReason over;

        private volatile boolean kicked;
        private volatile long seen;

        private Visit(long seen) {
            this.seen = seen;
        }

        /** Whether the viewer was kicked. */
        boolean isKicked() {
            return kicked;
        }

        /** Counts bytes of the stream that were sent to it. */
        void served(long bytes) {
            Viewer served = viewer;
            if (served != null) {
                served.sent(bytes);
            }
        }

        private synchronized void join(MediaStream stream, Peer peer) {
            if (joined || over != null) {
                return;
            }
            joined = true;
            Viewer viewing = stream.join(peer, reason -> {
                kicked = true;
                leave(reason);
            });
            viewer = viewing;
            // The viewer may have been kicked at once, by a listener that was notified of it.
            EndReason ended = over;
            if (ended != null) {
                viewing.leave(ended);
            }
        }

        private synchronized void leave(EndReason reason) {
            over = reason;
            Viewer leaving = viewer;
            if (leaving != null) {
                leaving.leave(reason);
            }
        }
    }

    HlsAudience(MediaStream stream, LongSupplier nanoTime) {
        this.stream = stream;
        this.nanoTime = nanoTime;
    }

    /**
     * A playlist is asked for. Viewers beyond the limit are not counted.
     *
     * @param session distinguishes viewers of one address and agent
     */
    Visit enter(HttpExchange exchange, int session) {
        if (ended) {
            return Visit.UNCOUNTED;
        }
        if (exchange.isHead()) {
            return find(exchange, session);
        }
        Visitor visitor = visitor(exchange, session);
        Visit visit = visits.get(visitor);
        if (visit == null && visits.size() < MOST) {
            visit = visits.computeIfAbsent(visitor, v -> new Visit(nanoTime.getAsLong()));
            visit.join(stream, peer(exchange));
            if (ended) {
                visit.leave(EndReason.STREAM_ENDED);
            }
        }
        return seen(visit);
    }

    /** A segment is asked for. */
    Visit find(HttpExchange exchange, int session) {
        return seen(visits.get(visitor(exchange, session)));
    }

    private Visit seen(@Nullable Visit visit) {
        if (visit == null) {
            return Visit.UNCOUNTED;
        }
        visit.seen = nanoTime.getAsLong();
        return visit;
    }

    /** Removes viewers who have stopped asking. */
    void sweep(int target) {
        if (visits.isEmpty()) {
            return;
        }
        long now = nanoTime.getAsLong();
        long patience = Math.max(LEAST_PATIENCE, TimeUnit.SECONDS.toNanos((long) TARGETS * target));
        visits.values().removeIf(visit -> {
            boolean gone = now - visit.seen > patience;
            if (gone) {
                visit.leave(EndReason.GOODBYE);
            }
            return gone;
        });
    }

    /** How many viewers there are. */
    int size() {
        return visits.size();
    }

    /** The stream has ended: all viewers leave it. */
    void end(EndReason reason) {
        ended = true;
        visits.values().forEach(visit -> visit.leave(reason));
        visits.clear();
    }

    static Peer peer(HttpExchange exchange) {
        InetSocketAddress remote = exchange.remote();
        return new Peer(
                exchange.connectionId(),
                PROTOCOL,
                remote == null ? null : remote.getAddress(),
                remote == null ? 0 : remote.getPort(),
                agent(exchange));
    }

    private static String agent(HttpExchange exchange) {
        return exchange.headers().get(HttpHeaderNames.USER_AGENT, "");
    }

    private static Visitor visitor(HttpExchange exchange, int session) {
        InetSocketAddress remote = exchange.remote();
        String agent = agent(exchange);
        return new Visitor(
                remote == null ? null : remote.getAddress(),
                agent.length() > 256 ? agent.substring(0, 256) : agent,
                session);
    }
}
