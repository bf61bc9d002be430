package xiu.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Set;
import java.util.function.Consumer;

/** Seam: what a protocol or service answers under one pattern of paths. */
public interface HttpRoute {
    /** The paths it answers. */
    PathPattern path();

    /** The methods it answers; HEAD comes with GET, and OPTIONS is answered for it. */
    Set<HttpMethod> methods();

    /**
     * Answers one request, now or later; called on the connection's event loop, must not block. Every exchange must be
     * answered or taken over in the end: nothing else bounds its time.
     */
    void handle(HttpExchange exchange);

    /** A route for GET and HEAD; the pattern is described at {@link PathPattern}. */
    static HttpRoute get(String pattern, Consumer<HttpExchange> handler) {
        PathPattern path = PathPattern.of(pattern);
        return new HttpRoute() {
            @Override
            public PathPattern path() {
                return path;
            }

            @Override
            public Set<HttpMethod> methods() {
                return Set.of(HttpMethod.GET);
            }

            @Override
            public void handle(HttpExchange exchange) {
                handler.accept(exchange);
            }
        };
    }
}
