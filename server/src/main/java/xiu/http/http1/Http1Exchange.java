package xiu.http.http1;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import xiu.http.Exposure;
import xiu.http.HttpReplies;
import xiu.http.HttpReply;
import xiu.http.HttpStream;
import xiu.http.PendingAnswer;
import xiu.http.RoutedExchange;
import xiu.transport.trouble.Faults;

/** An exchange of HTTP/1. A connection has one at a time: requests that are sent ahead wait for its answer. */
final class Http1Exchange implements RoutedExchange {
    private final Owner connection;
    private final HttpRequest request;
    private final byte[] body;
    private final PendingAnswer pending = new PendingAnswer();
    private String query = "";
    private Exposure exposure = Exposure.PUBLIC_MEDIA;

    /** The connection of an exchange. On its event loop, but for {@link #id} and {@link #channel}. */
    interface Owner {
        String id();

        Channel channel();

        /** Writes an answer, unless the exchange is not the current one any more. */
        void send(Http1Exchange exchange, HttpReply reply);

        /** Allows this time for the answer from now on. */
        void extend(Http1Exchange exchange, Duration time);

        /**
         * Writes a head, not flushed, removes everything of HTTP from the pipeline and adds {@code next} at its end.
         */
        void handOver(Http1Exchange exchange, HttpReply head, ChannelHandler... next);
    }

    Http1Exchange(Owner connection, HttpRequest request, byte[] body) {
        this.connection = connection;
        this.request = request;
        this.body = body;
    }

    @Override
    public String connectionId() {
        return connection.id();
    }

    Channel channel() {
        return connection.channel();
    }

    @Override
    public HttpMethod method() {
        return request.method();
    }

    @Override
    public HttpHeaders headers() {
        return request.headers();
    }

    @Override
    public String target() {
        return request.uri();
    }

    @Override
    public String query() {
        return query;
    }

    @Override
    public void query(String received) {
        query = received;
    }

    @Override
    public void exposure(Exposure ofRoute) {
        exposure = ofRoute;
    }

    Exposure exposure() {
        return exposure;
    }

    HttpRequest request() {
        return request;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public @Nullable InetSocketAddress remote() {
        return channel().remoteAddress() instanceof InetSocketAddress address ? address : null;
    }

    @Override
    public EventLoop loop() {
        return channel().eventLoop();
    }

    @Override
    public void onAbandoned(Runnable action) {
        pending.onAbandoned(action);
    }

    @Override
    public boolean isAbandoned() {
        return pending.isAbandoned();
    }

    /** The client has left, or its time is over; on the event loop. False when there is an answer already. */
    boolean abandon() {
        Runnable action = pending.abandon();
        if (action == null) {
            return false;
        }
        step(action);
        return true;
    }

    @Override
    public void answerWithin(Duration time) {
        if (loop().inEventLoop()) {
            connection.extend(this, time);
        } else {
            loop().execute(() -> connection.extend(this, time));
        }
    }

    @Override
    public void answer(HttpReply reply) {
        if (!pending.claim()) {
            return;
        }
        EventLoop loop = loop();
        if (loop.inEventLoop()) {
            connection.send(this, reply);
        } else {
            answerOn(loop, reply);
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

    @Override
    public void failed(Throwable fault) {
        Faults.contained("fault_http", connectionId(), fault);
        if (pending.isOpen()) {
            answer(HttpReplies.FAILED);
        } else {
            channel().close();
        }
    }

    @Override
    public @Nullable HttpStream stream(HttpReply head, HttpStream.Listener listener) {
        if (!pending.claim()) {
            return null;
        }
        Http1Stream stream = Http1Stream.body(channel(), listener);
        connection.handOver(this, head, stream);
        return stream;
    }

    @Override
    public boolean wantsWebSocket() {
        return WebSocketHandshake.isAskedFor(request);
    }

    @Override
    public @Nullable HttpStream upgrade(HttpStream.Listener listener) {
        HttpReply reply = WebSocketHandshake.answer(request);
        if (!HttpResponseStatus.SWITCHING_PROTOCOLS.equals(reply.status())) {
            answer(reply);
            return null;
        }
        if (!pending.claim()) {
            return null;
        }
        Http1Stream stream = Http1Stream.webSocket(channel(), listener);
        connection.handOver(this, reply, WebSocketPeer.frameDecoder(), new WebSocketPeer(), stream);
        return stream;
    }
}
