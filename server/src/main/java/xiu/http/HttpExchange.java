package xiu.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import xiu.http.field.AcceptEncoding;
import xiu.transport.trouble.Faults;

/**
 * One request and the means to answer it, now or later, from any thread, exactly once. A connection has one exchange at
 * a time: requests sent ahead wait for its answer.
 */
public final class HttpExchange {
    private enum State {
        OPEN,
        ANSWERED,
        ABANDONED
    }

    private final HttpConnection connection;
    private final HttpRequest request;
    private final byte[] body;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private String query = "";
    private Exposure exposure = Exposure.PUBLIC_MEDIA;
    private @Nullable Runnable abandoned;

    HttpExchange(HttpConnection connection, HttpRequest request, byte[] body) {
        this.connection = connection;
        this.request = request;
        this.body = body;
    }

    /** The connection's id, unique in this process. */
    public String connectionId() {
        return connection.id();
    }

    /** The method. */
    public HttpMethod method() {
        return request.method();
    }

    /** Whether the answer has no body. */
    public boolean isHead() {
        return HttpMethod.HEAD.equals(request.method());
    }

    /** The header fields; values come from the peer. */
    public HttpHeaders headers() {
        return request.headers();
    }

    /** The query string without the question mark, percent-encoded as received; may be empty. */
    public String query() {
        return query;
    }

    /** The first value of a query parameter, decoded; null when absent or not decodable. */
    public @Nullable String queryParameter(String name) {
        return RequestTarget.queryParameter(query, name);
    }

    /** The bearer token of the Authorization field, or an empty string. A secret. */
    public String bearer() {
        String value = request.headers().get(HttpHeaderNames.AUTHORIZATION);
        boolean bearer = value != null && value.regionMatches(true, 0, "Bearer ", 0, 7);
        return bearer ? value.substring(7).strip() : "";
    }

    /** Whether the client takes a gzipped body. */
    public boolean acceptsGzip() {
        return AcceptEncoding.acceptsGzip(request.headers().get(HttpHeaderNames.ACCEPT_ENCODING));
    }

    /** Whether the client asks for a WebSocket; then {@link #upgrade} answers. */
    public boolean wantsWebSocket() {
        return WebSocketHandshake.isAskedFor(request);
    }

    /** The request's body, at most what {@link HttpSettings#bodyBytes} allows; borrowed. */
    public byte[] body() {
        return body;
    }

    /** The remote address; null when the transport has none. */
    public @Nullable InetSocketAddress remote() {
        return connection.channel().remoteAddress() instanceof InetSocketAddress address ? address : null;
    }

    /** The connection; its event loop is the exchange's. */
    public Channel channel() {
        return connection.channel();
    }

    /** Called on the event loop if the client goes before the answer; set it on the event loop, before waiting. */
    public void onAbandoned(Runnable action) {
        abandoned = action;
    }

    /**
     * Answers, on any thread. Borrows the reply's body during the call. The answer to a client that is gone is dropped.
     *
     * @throws IllegalStateException when the request is answered already
     */
    public void answer(HttpReply reply) {
        if (!claim()) {
            return;
        }
        EventLoop loop = connection.channel().eventLoop();
        if (loop.inEventLoop()) {
            connection.send(this, reply);
        } else {
            answerOn(loop, reply);
        }
    }

    /**
     * Goes on when {@code stage} has completed, on the thread that completes it. A fault of {@code next} is that of the
     * exchange, as in {@link #step}. If the client goes before that, the stage is cancelled and nothing follows. On the
     * event loop only.
     */
    public <T> void await(CompletionStage<T> stage, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> next) {
        CompletableFuture<T> awaited = stage.toCompletableFuture();
        if (!awaited.isDone()) {
            onAbandoned(() -> awaited.cancel(false));
        }
        awaited.whenComplete((value, failure) -> {
            if (state.get() != State.ABANDONED) {
                step(() -> next.accept(value, failure));
            }
        });
    }

    /**
     * Does something that leads to the answer, later and on any thread. When it throws, the answer is 500; when there is one
     * already, or half of one, the connection is closed.
     */
    public void step(Runnable next) {
        try {
            next.run();
        } catch (Throwable fault) {
            failed(fault);
        }
    }

    /** Whoever should answer has thrown. */
    void failed(Throwable fault) {
        Faults.contained("fault_http", connectionId(), fault);
        if (isOpen()) {
            answer(HttpReplies.FAILED);
        } else {
            channel().close();
        }
    }

    private void answerOn(EventLoop loop, HttpReply reply) {
        reply.body().retain();
        try {
            loop.execute(() -> {
                try {
                    step(() -> connection.send(this, reply));
                } finally {
                    reply.body().release();
                }
            });
        } catch (RejectedExecutionException stopped) {
            reply.body().release();
        }
    }

    /**
     * Writes the head of an endless reply (not flushed), takes everything of HTTP out of the pipeline and puts
     * {@code next} at its end: from now on the channel, and its closing, is the caller's. Bytes written to the channel
     * are the body. On the event loop only.
     *
     * @return false when the client is gone already
     */
    public boolean takeOver(HttpReply head, ChannelHandler next) {
        if (!claim()) {
            return false;
        }
        connection.handOver(head, exposure, next);
        return true;
    }

    /**
     * Answers a WebSocket handshake (not flushed) and hands the channel over as {@link #takeOver} does, with a
     * {@link WebSocketPeer} in front of {@code next}, which answers pings and closing, and drops what the client
     * sends. Whole frames are written to the channel as bytes. On the event loop only.
     *
     * @return false when the client is gone already, or its handshake is wrong, which is answered then
     */
    public boolean upgrade(ChannelHandler next) {
        HttpReply reply = WebSocketHandshake.answer(request);
        if (!HttpResponseStatus.SWITCHING_PROTOCOLS.equals(reply.status())) {
            answer(reply);
            return false;
        }
        if (!claim()) {
            return false;
        }
        connection.handOver(reply, exposure, WebSocketPeer.frameDecoder(), new WebSocketPeer(), next);
        return true;
    }

    HttpRequest request() {
        return request;
    }

    /** What the router has read. */
    void query(String received) {
        query = received;
    }

    /** Whom the route that it went to answers; the router says so before anybody answers. */
    void exposure(Exposure ofRoute) {
        exposure = ofRoute;
    }

    Exposure exposure() {
        return exposure;
    }

    /** Whether nobody has answered yet. */
    boolean isOpen() {
        return state.get() == State.OPEN;
    }

    /** The client is gone; on the event loop. */
    void abandon() {
        if (state.compareAndSet(State.OPEN, State.ABANDONED) && abandoned != null) {
            step(abandoned);
        }
    }

    /** False when there is nobody to answer any more. */
    private boolean claim() {
        // Not compareAndExchange: for the first compiler that is a call into the JVM.
        if (state.compareAndSet(State.OPEN, State.ANSWERED)) {
            return true;
        }
        if (state.get() == State.ANSWERED) {
            throw new IllegalStateException("answer: second one (expected: one per request)");
        }
        return false;
    }
}
