package xiu.protocol.httpflv;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.http.HttpExchange;
import xiu.http.HttpReplies;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.PathPattern;
import xiu.stream.AccessRequest;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.StreamException;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;

/** {@code GET /{app}/{name}.flv}: plays a stream as FLV, in the body of the answer or over a WebSocket. */
public final class HttpFlvRoute implements HttpRoute {
    private static final Logger LOG = LoggerFactory.getLogger(HttpFlvRoute.class);
    private static final PathPattern PATH = PathPattern.of("/{app...}/{name}.flv");
    private static final HttpReply HEAD = HttpReply.status(HttpResponseStatus.OK)
            .type("video/x-flv")
            .field("Cache-Control", "no-cache")
            // nginx would otherwise collect the stream in its buffers.
            .field("X-Accel-Buffering", "no")
            .endless();

    private final StreamHub hub;

    /** A route to the streams of a hub. */
    public HttpFlvRoute(StreamHub hub) {
        this.hub = hub;
    }

    @Override
    public PathPattern path() {
        return PATH;
    }

    @Override
    public Set<HttpMethod> methods() {
        return Set.of(HttpMethod.GET);
    }

    @Override
    public Resource find(PathPattern.Match path) {
        try {
            StreamKey key = new StreamKey(path.variable("app"), path.variable("name"));
            return exchange -> play(key, exchange);
        } catch (StreamException badName) {
            return exchange -> refuse(exchange, badName);
        }
    }

    private void play(StreamKey key, HttpExchange exchange) {
        AccessRequest request =
                new AccessRequest(AccessRequest.Action.PLAY, key, peer(exchange), credentials(exchange));
        EventLoop loop = exchange.channel().eventLoop();
        exchange.await(hub.play(request), (stream, failure) -> {
            if (loop.inEventLoop()) {
                decided(exchange, request.peer(), stream, failure);
            } else {
                loop.execute(() -> exchange.step(() -> decided(exchange, request.peer(), stream, failure)));
            }
        });
    }

    private static Peer peer(HttpExchange exchange) {
        InetSocketAddress remote = exchange.remote();
        return new Peer(
                exchange.connectionId(),
                exchange.wantsWebSocket() ? "ws-flv" : "http-flv",
                remote == null ? null : remote.getAddress(),
                remote == null ? 0 : remote.getPort());
    }

    private static AccessRequest.Credentials credentials(HttpExchange exchange) {
        return new AccessRequest.Credentials(exchange.query(), exchange.bearer());
    }

    private static void decided(
            HttpExchange exchange, Peer peer, @Nullable MediaStream stream, @Nullable Throwable failure) {
        if (stream == null) {
            refuse(exchange, failure);
        } else if (exchange.isHead()) {
            exchange.answer(HEAD);
        } else if (exchange.wantsWebSocket()) {
            FlvSession session = new FlvSession(peer, FlvSession.Carrier.WEB_SOCKET);
            if (exchange.upgrade(session)) {
                session.play(stream);
            }
        } else {
            FlvSession session = new FlvSession(peer, FlvSession.Carrier.BODY);
            if (exchange.takeOver(HEAD, session)) {
                session.play(stream);
            }
        }
    }

    private static void refuse(HttpExchange exchange, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof StreamException refusal) {
            LOG.debug("{} event=play-refused reason={}", exchange.connectionId(), refusal.reason());
            exchange.answer(answerTo(refusal.reason(), exchange));
        } else {
            LOG.warn("{} event=play-failed", exchange.connectionId(), cause);
            exchange.answer(HttpReplies.FAILED);
        }
    }

    private static HttpReply answerTo(StreamException.Reason reason, HttpExchange exchange) {
        return switch (reason) {
            case BAD_NAME -> HttpReplies.BAD;
            case NOT_FOUND -> HttpReplies.MISSING;
            case DENIED -> HttpReplies.denial(exchange);
            case FORBIDDEN -> HttpReplies.DENIED;
            case BUSY, LIMIT, STOPPING, UNAVAILABLE -> HttpReplies.BUSY;
        };
    }
}
