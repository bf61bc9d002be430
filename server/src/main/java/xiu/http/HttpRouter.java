package xiu.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the route of a request. Answers itself what no route should care about: unknown paths (404), wrong methods (405
 * with Allow) and OPTIONS, the preflight of browsers included. Immutable, for any number of listeners.
 */
public final class HttpRouter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRouter.class);
    private static final String USUAL_FIELDS = "Authorization, Content-Type, Range, If-None-Match";

    private final List<HttpRoute> routes;

    /** The first route whose pattern and method fit answers. */
    public HttpRouter(List<? extends HttpRoute> routes) {
        this.routes = List.copyOf(routes);
    }

    /** The answer to a request for {@code *}, the server itself (RFC 9110 §9.3.7). */
    static HttpReply aboutEverything(HttpMethod method) {
        boolean options = method.equals(HttpMethod.OPTIONS);
        return options
                ? HttpReply.status(HttpResponseStatus.NO_CONTENT)
                        .field("Allow", "GET, HEAD, OPTIONS")
                        .empty()
                : HttpReplies.BAD;
    }

    /** Hands the exchange to its route, or answers it. */
    void route(HttpExchange exchange) {
        Set<String> allowed = new TreeSet<>();
        for (HttpRoute route : routes) {
            if (route.path().matches(exchange.segments())) {
                if (answers(route, exchange.method())) {
                    exchange.routedBy(route.path());
                    handle(route, exchange);
                    return;
                }
                route.methods().forEach(method -> allowed.add(method.name()));
            }
        }
        if (allowed.isEmpty()) {
            exchange.answer(HttpReplies.MISSING);
        } else {
            refuse(exchange, allowed);
        }
    }

    private static boolean answers(HttpRoute route, HttpMethod method) {
        return route.methods().contains(method)
                || method.equals(HttpMethod.HEAD) && route.methods().contains(HttpMethod.GET);
    }

    private static void handle(HttpRoute route, HttpExchange exchange) {
        try {
            route.handle(exchange);
        } catch (RuntimeException e) {
            LOG.warn("{} event=http-route-failed route={}", exchange.connectionId(), route.path(), e);
            if (exchange.isOpen()) {
                exchange.answer(HttpReplies.FAILED);
            } else {
                exchange.channel().close();
            }
        }
    }

    private static void refuse(HttpExchange exchange, Set<String> allowed) {
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        String allow = String.join(", ", allowed);
        boolean options = exchange.method().equals(HttpMethod.OPTIONS);
        exchange.answer(options ? preflight(exchange, allow) : wrongMethod(allow));
    }

    private static HttpReply wrongMethod(String allow) {
        return HttpReplies.error(HttpResponseStatus.METHOD_NOT_ALLOWED)
                .field("Allow", allow)
                .text("method not allowed\n");
    }

    /** What a browser asks before it lets a page of another origin, or of a public network, come to us. */
    private static HttpReply preflight(HttpExchange exchange, String allow) {
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

    /** The fields the page wants to send, word by word, so that nothing else of the peer's comes back. */
    private static String requestedFields(HttpExchange exchange) {
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
