package xiu.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request. Requests that concern no route are answered here: unknown paths (404), wrong methods
 * (405 with Allow), OPTIONS, including the preflight of browsers, and requests that a page of another origin may not
 * send to a route ({@link Exposure}). Any thread, for any number of listeners.
 */
public final class HttpRouter {
    private static final String USUAL_FIELDS = "Authorization, Content-Type, Range, If-None-Match";

    /** How many paths are remembered: those of some hundred streams, a tenth of a megabyte. A power of two. */
    private static final int KEPT = 512;
    /** Longer paths are not remembered. */
    private static final int KEPT_LENGTH = 128;

    private final List<HttpRoute> routes;
    /**
     * What was found for GET requests lately, by the hash of the path, because most requests are for paths that were
     * requested just before. What a path means never changes, so any value that a thread sees is right, and no lock is
     * needed.
     */
    private final @Nullable Found[] kept = new Found[KEPT];

    /**
     * A path that was found.
     *
     * @param path as received, without the query
     * @param only whether no earlier route may have a resource there at other times
     */
    private record Found(String path, HttpRoute route, HttpRoute.Resource resource, boolean only) {}

    /** A router that uses the first route whose pattern and method match, and whose resource exists. */
    public HttpRouter(List<? extends HttpRoute> routes) {
        this.routes = List.copyOf(routes);
    }

    /** Passes the exchange to its resource, or answers it; a fault of the route is answered with 500. */
    public void route(RoutedExchange exchange) {
        try {
            routeUncontained(exchange);
        } catch (Throwable fault) {
            exchange.failed(fault);
        }
    }

    private void routeUncontained(RoutedExchange exchange) {
        String uri = exchange.target();
        int question = uri.indexOf('?');
        String path = question < 0 ? uri : uri.substring(0, question);
        boolean keeps =
                HttpMethod.GET.equals(exchange.method()) && path.startsWith("/") && path.length() <= KEPT_LENGTH;
        Found known = keeps ? kept[slot(path)] : null;
        // The path was checked by RequestTarget when it was remembered; only the query is new.
        if (known != null
                && known.path.equals(path)
                && (question < 0 || uri.indexOf('#', question) < 0)
                && known.resource.isThere()) {
            exchange.query(question < 0 ? "" : uri.substring(question + 1));
            handOver(exchange, known);
        } else {
            routeNew(uri, path, keeps, exchange);
        }
    }

    private static int slot(String path) {
        int hash = path.hashCode();
        return (hash ^ hash >>> 16) & KEPT - 1;
    }

    private void routeNew(String uri, String path, boolean keeps, RoutedExchange exchange) {
        RequestTarget target = RequestTarget.parse(uri);
        if (target != null) {
            exchange.query(target.query());
            Found found = find(path, target.segments(), exchange);
            if (found != null) {
                if (keeps && found.only) {
                    kept[slot(path)] = found;
                }
                handOver(exchange, found);
            }
        } else {
            exchange.answer(uri.equals("*") ? aboutEverything(exchange.method()) : HttpReplies.BAD);
        }
    }

    private static void handOver(RoutedExchange exchange, Found found) {
        Exposure exposure = found.route.exposure();
        exchange.exposure(exposure);
        if (exposure == Exposure.OWN_ORIGIN && acts(exchange) && OriginCheck.isCrossOrigin(exchange.headers())) {
            exchange.answer(HttpReplies.DENIED);
        } else {
            found.resource.handle(exchange);
        }
    }

    /** Whether the request may change something, or opens a WebSocket, which a page of any origin could read. */
    private static boolean acts(RoutedExchange exchange) {
        boolean reads = HttpMethod.GET.equals(exchange.method()) || HttpMethod.HEAD.equals(exchange.method());
        return !reads || exchange.wantsWebSocket();
    }

    /** Null when there is nothing; the exchange is answered then. */
    private @Nullable Found find(String path, List<String> segments, RoutedExchange exchange) {
        Set<String> allowed = new TreeSet<>();
        Found absent = null;
        boolean known = false;
        Exposure exposure = Exposure.PUBLIC_MEDIA;
        for (HttpRoute route : routes) {
            if (!route.path().matches(segments)) {
                continue;
            }
            exposure = route.exposure() == Exposure.OWN_ORIGIN ? Exposure.OWN_ORIGIN : exposure;
            if (!answers(route, exchange.method())) {
                route.methods().forEach(method -> allowed.add(method.name()));
                continue;
            }
            known = true;
            HttpRoute.Resource resource = route.find(new PathPattern.Match(route.path(), segments));
            if (resource != null && resource.isThere()) {
                return new Found(path, route, resource, absent == null);
            }
            absent = absent == null && resource != null ? new Found(path, route, resource, true) : absent;
        }
        if (absent == null) {
            // As strict as the strictest of the routes that match the path.
            answerNothing(exchange, exposure, known, allowed);
        }
        return absent;
    }

    private static void answerNothing(RoutedExchange exchange, Exposure exposure, boolean known, Set<String> allowed) {
        exchange.exposure(exposure);
        if (known || allowed.isEmpty()) {
            exchange.answer(HttpReplies.MISSING);
        } else {
            refuse(exchange, exposure, allowed);
        }
    }

    /** The answer to a request for {@code *}, the server itself (RFC 9110 §9.3.7). */
    private static HttpReply aboutEverything(HttpMethod method) {
        boolean options = method.equals(HttpMethod.OPTIONS);
        return options
                ? HttpReply.status(HttpResponseStatus.NO_CONTENT)
                        .field("Allow", "GET, HEAD, OPTIONS")
                        .empty()
                : HttpReplies.BAD;
    }

    private static boolean answers(HttpRoute route, HttpMethod method) {
        return route.methods().contains(method)
                || method.equals(HttpMethod.HEAD) && route.methods().contains(HttpMethod.GET);
    }

    private static void refuse(RoutedExchange exchange, Exposure exposure, Set<String> allowed) {
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        String allow = String.join(", ", allowed);
        if (!exchange.method().equals(HttpMethod.OPTIONS)) {
            exchange.answer(wrongMethod(allow));
        } else if (exposure == Exposure.PUBLIC_MEDIA) {
            exchange.answer(preflight(exchange, allow));
        } else {
            exchange.answer(HttpReply.status(HttpResponseStatus.NO_CONTENT)
                    .field("Allow", allow)
                    .empty());
        }
    }

    private static HttpReply wrongMethod(String allow) {
        return HttpReplies.error(HttpResponseStatus.METHOD_NOT_ALLOWED)
                .field("Allow", allow)
                .text("method not allowed\n");
    }

    /**
     * The answer to a browser that asks whether a page of another origin, or of a public network, may send a request.
     */
    private static HttpReply preflight(RoutedExchange exchange, String allow) {
        HttpReply.Builder reply = HttpReply.status(HttpResponseStatus.NO_CONTENT)
                .field("Allow", allow)
                .field("Access-Control-Allow-Methods", allow)
                .field("Access-Control-Allow-Headers", requestedFields(exchange))
                .field("Access-Control-Max-Age", "86400");
        if (exchange.headers().contains("Access-Control-Request-Private-Network")) {
            reply.field("Access-Control-Allow-Private-Network", "true");
        }
        return reply.empty();
    }

    /** The fields that the page wants to send, checked word by word, so that nothing else of the peer is sent back. */
    private static String requestedFields(RoutedExchange exchange) {
        String wanted = exchange.headers().get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS, "");
        String names = wanted.length() > 1024
                ? ""
                : Stream.of(wanted.split(",", -1))
                        .map(String::strip)
                        .filter(name -> name.matches("[A-Za-z0-9-]+"))
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(", "));
        return names.isEmpty() ? USUAL_FIELDS : names;
    }
}
