package xiu.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import xiu.http.field.AcceptEncoding;

/**
 * Seam: one request and the means to answer it, now or later, from any thread, exactly once; the same for every version
 * of HTTP. Every client is answered in time, see {@link #answerWithin}.
 */
public interface HttpExchange {
    /** The connection's id, unique in this process. */
    String connectionId();

    /** The method. */
    HttpMethod method();

    /** The header fields; values come from the peer. The host that was asked is Host, whatever the version calls it. */
    HttpHeaders headers();

    /** The query string without the question mark, percent-encoded as received; may be empty. */
    String query();

    /** The request's body, at most what {@link HttpSettings#bodyBytes} allows; borrowed. */
    byte[] body();

    /** The remote address; null when the transport has none. */
    @Nullable
    InetSocketAddress remote();

    /** The event loop of the exchange's connection. */
    EventExecutor loop();

    /**
     * Called on the event loop if the client leaves, or its time is over, before the answer. Must be set on the event
     * loop.
     */
    void onAbandoned(Runnable action);

    /**
     * Allows this time for the answer, from now on; any thread. Without this call it is {@link
     * HttpSettings#answerTimeout} from the end of the request, which is never shortened. A client whose time is over is
     * answered with 503.
     */
    void answerWithin(Duration time);

    /**
     * Answers, on any thread. Borrows the reply's body during the call. The answer is dropped when the client has left.
     *
     * @throws IllegalStateException when the request is answered already
     */
    void answer(HttpReply reply);

    /**
     * Answers with a body that goes on until it is ended; the head is written and not flushed. On the event loop only.
     *
     * @return null when the client has left already
     */
    @Nullable
    HttpStream stream(HttpReply head, HttpStream.Listener listener);

    /** Whether the client asks for a WebSocket, and this version of HTTP has them; then {@link #upgrade} answers. */
    boolean wantsWebSocket();

    /**
     * Answers a WebSocket handshake; the head is written and not flushed. The bytes written to the stream must be whole
     * frames. The stream itself answers pings and closing, and drops everything else that the client sends. On the
     * event loop only.
     *
     * @return null when the client has left already, or its handshake is invalid, which is answered then
     */
    @Nullable
    HttpStream upgrade(HttpStream.Listener listener);

    /** Whether nobody waits for the answer any more: the client has left, or its time was over. */
    boolean isAbandoned();

    /**
     * The code that should answer has failed: answers 500, or ends the connection when an answer has begun. Any thread.
     */
    void failed(Throwable fault);

    /** Whether the answer has no body. */
    default boolean isHead() {
        return HttpMethod.HEAD.equals(method());
    }

    /** How many bytes of this reply's body the client gets: not all where it asks for a range, or has it already. */
    default int bodyBytes(HttpReply reply) {
        return isHead() ? 0 : reply.part(method(), headers()).length();
    }

    /** The first value of a query parameter, decoded; null when absent or not decodable. */
    default @Nullable String queryParameter(String name) {
        return RequestTarget.queryParameter(query(), name);
    }

    /** The bearer token of the Authorization field, or an empty string. A secret. */
    default String bearer() {
        String value = headers().get(HttpHeaderNames.AUTHORIZATION);
        boolean bearer = value != null && value.regionMatches(true, 0, "Bearer ", 0, 7);
        return bearer ? value.substring(7).strip() : "";
    }

    /** Whether the client accepts a gzipped body. */
    default boolean acceptsGzip() {
        return AcceptEncoding.acceptsGzip(headers().get(HttpHeaderNames.ACCEPT_ENCODING));
    }

    /**
     * Continues with {@code next} when {@code stage} has completed, on the thread that completes it. What {@code next}
     * throws fails the exchange, as in {@link #step}. If the client leaves before that, or its time is over, the stage
     * is cancelled and {@code next} is not called. On the event loop only.
     */
    default <T> void await(
            CompletionStage<T> stage, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> next) {
        CompletableFuture<T> awaited = stage.toCompletableFuture();
        if (!awaited.isDone()) {
            onAbandoned(() -> awaited.cancel(false));
        }
        awaited.whenComplete((value, failure) -> {
            if (!isAbandoned()) {
                step(() -> next.accept(value, failure));
            }
        });
    }

    /**
     * Runs something that leads to the answer, on any thread. When it throws, the exchange has {@link
     * #failed(Throwable)}.
     */
    default void step(Runnable next) {
        try {
            next.run();
        } catch (Throwable fault) {
            failed(fault);
        }
    }
}
