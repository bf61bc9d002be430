package xiu.progressive;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.http.Exposure;
import xiu.http.HttpExchange;
import xiu.http.HttpReplies;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.HttpStream;
import xiu.http.PathPattern;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.media.WireFormat;
import xiu.stream.AccessRequest;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.StreamException;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;

/**
 * Plays the streams of a hub in one wire format: in the body of the answer, or over a WebSocket where that is offered. The
 * answer waits for a stream that has to be fetched from elsewhere first.
 */
public final class StreamRoute implements HttpRoute {
    private static final Logger LOG = LoggerFactory.getLogger(StreamRoute.class);

    private final Offer offer;
    private final HttpReply head;
    private final HttpReply notCarried;
    private final StreamHub hub;

    /**
     * What a route offers.
     *
     * @param path with the variables {@code app} and {@code name}
     * @param container name of the format, for people
     * @param mediaType media type of the body
     * @param body how a stream is played in the body of an answer
     * @param webSocket how it is played over a WebSocket; null: not at all
     */
    public record Offer(
            PathPattern path,
            String container,
            String mediaType,
            Manner body,
            @Nullable Manner webSocket) {}

    /**
     * A way to play a stream.
     *
     * @param protocol the protocol of its viewers, by which access is decided
     * @param format the bytes; over a WebSocket whole frames
     */
    public record Manner(String protocol, WireFormat format) {}

    /** A route to the streams of a hub. */
    public StreamRoute(StreamHub hub, Offer offer) {
        this.hub = hub;
        this.offer = offer;
        this.head = HttpReply.status(HttpResponseStatus.OK)
                .type(offer.mediaType)
                .field("Cache-Control", "no-cache")
                // Otherwise nginx would buffer the stream.
                .field("X-Accel-Buffering", "no")
                .endless();
        this.notCarried = HttpReplies.error(HttpResponseStatus.NOT_FOUND)
                .text("the stream has no codec that " + offer.container + " carries\n");
    }

    @Override
    public PathPattern path() {
        return offer.path;
    }

    @Override
    public Set<HttpMethod> methods() {
        return Set.of(HttpMethod.GET);
    }

    @Override
    public Exposure exposure() {
        return Exposure.PUBLIC_MEDIA;
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
        Manner manner = exchange.wantsWebSocket() ? offer.webSocket : offer.body;
        if (manner == null) {
            exchange.answer(HttpReplies.BAD);
            return;
        }
        StreamSession session = new StreamSession(peer(exchange, manner.protocol), manner.format);
        AccessRequest request =
                new AccessRequest(AccessRequest.Action.PLAY, key, session.peer(), credentials(exchange));
        EventExecutor loop = exchange.loop();
        exchange.answerWithin(hub.patience(request));
        exchange.await(hub.play(request), (stream, failure) -> {
            if (loop.inEventLoop()) {
                decided(exchange, session, stream, failure);
            } else {
                loop.execute(() -> exchange.step(() -> decided(exchange, session, stream, failure)));
            }
        });
    }

    private static Peer peer(HttpExchange exchange, String protocol) {
        InetSocketAddress remote = exchange.remote();
        return new Peer(
                exchange.connectionId(),
                protocol,
                remote == null ? null : remote.getAddress(),
                remote == null ? 0 : remote.getPort(),
                exchange.headers().get(HttpHeaderNames.USER_AGENT, ""));
    }

    private static AccessRequest.Credentials credentials(HttpExchange exchange) {
        return new AccessRequest.Credentials(exchange.query(), exchange.bearer());
    }

    private void decided(
            HttpExchange exchange, StreamSession session, @Nullable MediaStream stream, @Nullable Throwable failure) {
        if (stream == null) {
            refuse(exchange, failure);
        } else if (isLeftOut(stream)) {
            exchange.answer(notCarried);
        } else if (exchange.isHead()) {
            exchange.answer(head);
        } else {
            HttpStream out = exchange.wantsWebSocket() ? exchange.upgrade(session) : exchange.stream(head, session);
            if (out != null) {
                session.play(stream, out);
            }
        }
    }

    /** Whether there is media, but none that the format carries. */
    private boolean isLeftOut(MediaStream stream) {
        boolean media = false;
        for (Track track : stream.tracks()) {
            if (track.kind() != TrackKind.DATA) {
                media = true;
                if (offer.body.format.carries(track)) {
                    return false;
                }
            }
        }
        return media;
    }

    private static void refuse(HttpExchange exchange, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof StreamException refusal) {
            LOG.debug("event=play_refused session={} reason={}", exchange.connectionId(), refusal.reason());
            exchange.answer(answerTo(refusal.reason(), exchange));
        } else {
            LOG.warn("event=play_failed session={}", exchange.connectionId(), cause);
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
