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
 * Who watches a stream by HLS. There is no connection to go by, so a viewer is an address and a user agent that keep
 * asking for playlists or segments; as long as one does, a pulled stream stays. Any thread.
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
    private record Visitor(@Nullable InetAddress address, String agent) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Visitor visitor
                    && agent.equals(visitor.agent)
                    && Objects.equals(address, visitor.address);
        }

        @Override
        public int hashCode() {
            return 31 * agent.hashCode() + (address == null ? 0 : address.hashCode());
        }
    }

    /** What is known of one visitor. It is over before, while or after its viewer joins, and then has none. */
    private static final class Visit {
        /** Guarded by this visit. */
        private @Nullable Viewer viewer;

        private boolean joined;
        /** Why nobody may join for it any more; guarded by this visit. */
        private @Nullable EndReason over;

        private volatile boolean kicked;
        private volatile long seen;

        private Visit(long seen) {
            this.seen = seen;
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

    /** Somebody asks for the playlist; false when it was told to go. Beyond the limit they are not counted. */
    boolean admits(HttpExchange exchange) {
        if (ended) {
            return true;
        }
        if (exchange.isHead()) {
            return goesOn(exchange);
        }
        Visitor visitor = visitor(exchange);
        Visit visit = visits.get(visitor);
        if (visit == null && visits.size() < MOST) {
            visit = visits.computeIfAbsent(visitor, v -> new Visit(nanoTime.getAsLong()));
            visit.join(stream, peer(exchange));
            if (ended) {
                visit.leave(EndReason.STREAM_ENDED);
            }
        }
        if (visit == null) {
            return true;
        }
        visit.seen = nanoTime.getAsLong();
        return !visit.kicked;
    }

    /** Somebody fetches a segment; false when it was told to go. */
    boolean goesOn(HttpExchange exchange) {
        Visit visit = visits.get(visitor(exchange));
        if (visit == null) {
            return true;
        }
        visit.seen = nanoTime.getAsLong();
        return !visit.kicked;
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
        return remote == null
                ? new Peer(exchange.connectionId(), PROTOCOL, null, 0)
                : new Peer(exchange.connectionId(), PROTOCOL, remote.getAddress(), remote.getPort());
    }

    private static Visitor visitor(HttpExchange exchange) {
        InetSocketAddress remote = exchange.remote();
        String agent = exchange.headers().get(HttpHeaderNames.USER_AGENT, "");
        return new Visitor(
                remote == null ? null : remote.getAddress(), agent.length() > 256 ? agent.substring(0, 256) : agent);
    }
}
