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
 * Who watches a stream by HLS. There is no connection to go by, so a viewer is an address, a user agent and, where
 * credentials are asked for, the session that these make, which keeps asking for playlists or segments; as long as one
 * does, a pulled stream stays. Any thread.
 */
final class HlsAudience {
    /** What peers of HLS are called where access is decided. */
    static final String PROTOCOL = "hls";

    private static final int MOST = 20_000;
    private static final long LEAST_PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final int TARGETS = 3;

    private final MediaStream stream;
    private final LongSupplier nanoTime;
    private final Map<Visitor, Visit> visits = new ConcurrentHashMap<>();
    private volatile boolean ended;

    /** The two methods are written out because they are called for every request; see {@link StreamKey}. */
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

    /** What is known of one visitor. It is over before, while or after its viewer joins, and then has none. */
    static final class Visit {
        /** Of a visitor that is not counted. */
        private static final Visit UNCOUNTED = new Visit(0);

        /** Written by this visit's lock holder. */
        private volatile @Nullable Viewer viewer;

        private boolean joined;
        /** Why nobody may join for it any more; guarded by this visit. */
        private @Nullable EndReason over;

        private volatile boolean kicked;
        private volatile long seen;

        private Visit(long seen) {
            this.seen = seen;
        }

        /** Whether the visitor was told to go. */
        boolean isKicked() {
            return kicked;
        }

        /** It is answered with so many bytes of the stream. */
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
            // Whoever is told of the new viewer may have sent it away at once.
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
     * Somebody asks for the playlist. Beyond the limit they are not counted.
     *
     * @param session tells those of one address and agent apart
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

    /** Somebody fetches a segment. */
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

    /** Forgets those who have stopped asking. */
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

    /** How many watch. */
    int size() {
        return visits.size();
    }

    /** The stream is over: nobody holds it any more. */
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
