package xiu.http;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.FORBIDDEN;
import static io.netty.handler.codec.http.HttpResponseStatus.INTERNAL_SERVER_ERROR;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import io.netty.handler.codec.http.HttpResponseStatus;

/** Answers that consist of a status and a short text. */
public final class HttpReplies {
    /** 400. */
    public static final HttpReply BAD = error(BAD_REQUEST).text("bad request\n");
    /** 401, for a bearer token. */
    public static final HttpReply UNAUTHORIZED = error(HttpResponseStatus.UNAUTHORIZED)
            .field("WWW-Authenticate", "Bearer")
            .text("unauthorized\n");
    /** 403. */
    public static final HttpReply DENIED = error(FORBIDDEN).text("forbidden\n");
    /** 404. */
    public static final HttpReply MISSING = error(NOT_FOUND).text("not found\n");
    /** 500. */
    public static final HttpReply FAILED = error(INTERNAL_SERVER_ERROR).text("internal error\n");
    /** 503. */
    public static final HttpReply BUSY =
            error(SERVICE_UNAVAILABLE).field("Retry-After", "1").text("not available\n");

    private HttpReplies() {}

    /**
     * The answer to a client that may not have what it asks for: 401 if it has shown no readable token, otherwise 403.
     */
    public static HttpReply denial(HttpExchange exchange) {
        boolean shown = !exchange.bearer().isEmpty() || exchange.queryParameter("token") != null;
        return shown ? DENIED : UNAUTHORIZED;
    }

    /** Begins an error answer of plain text that no cache keeps. */
    public static HttpReply.Builder error(HttpResponseStatus status) {
        return HttpReply.status(status).type("text/plain; charset=utf-8").field("Cache-Control", "no-store");
    }
}
