package xiu.protocol.hls;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import xiu.http.HttpExchange;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessRequest;
import xiu.stream.AccessRequest.Action;
import xiu.stream.AccessRequest.Credentials;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.seam.Answers;

/** Decides who may watch by HLS: once for each session, and remembers it, so that no segment waits for a policy. */
final class HlsAccess {
    private final StreamHub hub;
    private final AccessPolicy policy;
    private volatile HlsGrants grants = new HlsGrants(System::nanoTime, InstantSource.system());

    /** {@code policy}: that of the hub, which says what a credential is. */
    HlsAccess(StreamHub hub, AccessPolicy policy) {
        this.hub = hub;
        this.policy = policy;
    }

    /** Whether nobody has to show a token at the moment. */
    boolean isOpen() {
        return !policy.asks(Action.PLAY, HlsAudience.PROTOCOL);
    }

    /** The rules of the policy have changed: every session is decided again. */
    void decideAgain() {
        // Replaced and not emptied: a decision by the old rules that is under way is then remembered in the old one.
        grants = new HlsGrants(System::nanoTime, InstantSource.system());
    }

    /** The part of a query that is a credential. */
    String credential(HttpExchange exchange) {
        return policy.credential(exchange.query());
    }

    /** Distinguishes sessions of one address and agent where credentials are needed; 0 where they are not. */
    int sessionOf(HttpExchange exchange) {
        return isOpen()
                ? 0
                : 31 * credential(exchange).hashCode() + exchange.bearer().hashCode();
    }

    /** Whether the client may watch the stream, as far as is known already. */
    boolean admits(HttpExchange exchange, StreamKey key) {
        return isOpen() || grants.covers(session(exchange, key));
    }

    /** The question whether the client may watch the stream. */
    AccessRequest request(HttpExchange exchange, StreamKey key) {
        return new AccessRequest(
                Action.PLAY, key, HlsAudience.peer(exchange), new Credentials(exchange.query(), exchange.bearer()));
    }

    /** Completes when the client may watch the stream; fails with {@link xiu.stream.StreamException}. */
    CompletableFuture<AccessRequest> ask(HttpExchange exchange, StreamKey key) {
        AccessRequest request = request(exchange, key);
        if (admits(exchange, key)) {
            return CompletableFuture.completedFuture(request);
        }
        HlsGrants.Session session = session(exchange, key);
        HlsGrants now = grants;
        return Answers.then(hub.decide(request), granted -> {
            now.remember(session, granted);
            return CompletableFuture.completedFuture(request);
        });
    }

    private HlsGrants.Session session(HttpExchange exchange, StreamKey key) {
        InetSocketAddress remote = exchange.remote();
        @Nullable InetAddress address = remote == null ? null : remote.getAddress();
        return new HlsGrants.Session(key, address, credential(exchange), exchange.bearer());
    }
}
