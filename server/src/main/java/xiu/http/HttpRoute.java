package xiu.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Seam: the requests that a protocol or service answers, by a pattern of paths. */
public interface HttpRoute {
    /** Answers the requests for one path. */
    @FunctionalInterface
    interface Resource {
        /**
         * Answers one request, now or later; called on the connection's event loop, must not block. Every exchange must
         * be answered in the end.
         */
        void handle(HttpExchange exchange);

        /**
         * Whether the resource exists at the moment. If not, and the path matches another route as well, that one
         * answers. Asked for each request, on the connection's event loop.
         */
        default boolean isThere() {
            return true;
        }
    }

    /** The pattern of its paths. */
    PathPattern path();

    /** The methods it answers; HEAD comes with GET, and OPTIONS is answered for it. */
    Set<HttpMethod> methods();

    /** Who may read its answers. */
    Exposure exposure();

    /**
     * The resource of a path; null when there is none, and another route may answer. It depends on the path alone and
     * may be kept for any number of requests, of any client, on any event loop, so it must not refer to things that
     * come and go.
     */
    @Nullable
    Resource find(PathPattern.Match path);

    /** A route of public media for GET and HEAD, to one resource; the pattern is described at {@link PathPattern}. */
    static HttpRoute get(String pattern, Resource resource) {
        return finding(pattern, path -> resource);
    }

    /** A route of public media for GET and HEAD, to as many resources as there are paths; {@code finder} is {@link #find}. */
    static HttpRoute finding(String pattern, Function<PathPattern.Match, @Nullable Resource> finder) {
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
            public Exposure exposure() {
                return Exposure.PUBLIC_MEDIA;
            }

            @Override
            public @Nullable Resource find(PathPattern.Match match) {
                return finder.apply(match);
            }
        };
    }
}
