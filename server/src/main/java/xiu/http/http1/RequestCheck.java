package xiu.http.http1;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import xiu.http.HttpReplies;
import xiu.http.HttpReply;
import xiu.http.HttpSettings;

/** Checks of a request that need only its head. */
final class RequestCheck {
    private static final HttpReply TOO_LARGE = error(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
    /** RFC 9110 §15.2.1; it has no fields. */
    static final byte[] CONTINUE = ReplyHead.ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private static final HttpReply LONG_LINE = error(HttpResponseStatus.REQUEST_URI_TOO_LONG);
    private static final HttpReply LONG_FIELDS = error(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE);
    private static final HttpReply EXPECTATION = error(HttpResponseStatus.EXPECTATION_FAILED);
    private static final HttpReply VERSION = error(HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED);
    private static final HttpReply ENCODING = error(HttpResponseStatus.NOT_IMPLEMENTED);

    private RequestCheck() {}

    /** The answer to a request that must be refused, or null. The connection cannot go on after a refusal. */
    static @Nullable HttpReply refusal(HttpRequest request, HttpSettings settings) {
        if (request.decoderResult().isFailure()) {
            return undecodable(request.decoderResult().cause());
        }
        HttpVersion version = request.protocolVersion();
        if (!version.protocolName().equals("HTTP") || version.majorVersion() != 1) {
            return VERSION;
        }
        boolean modern = version.minorVersion() >= 1;
        Iterator<? extends CharSequence> hosts = request.headers().valueCharSequenceIterator(HttpHeaderNames.HOST);
        // RFC 9112 §3.2.
        boolean named = hosts.hasNext();
        if (named) {
            hosts.next();
        }
        if (hosts.hasNext() || !named && modern) {
            return HttpReplies.BAD;
        }
        return bodyRefusal(request, settings, modern);
    }

    /**
     * The answer when a part of a body must be refused, or null.
     *
     * @param bodyBytes of all parts so far, on the wire
     */
    static @Nullable HttpReply refusal(HttpContent part, long bodyBytes, HttpSettings settings) {
        if (part.decoderResult().isFailure()) {
            return HttpReplies.BAD;
        }
        return bodyBytes > settings.bodyBytes() ? TOO_LARGE : null;
    }

    /** Whether the client waits for "100 Continue" before it sends the body. */
    static boolean waitsForContinue(HttpRequest request) {
        return request.headers().contains(HttpHeaderNames.EXPECT) && HttpUtil.is100ContinueExpected(request);
    }

    /** The event as which a refusal is counted. */
    static String trouble(HttpReply refusal) {
        return refusal == TOO_LARGE
                ? "limit_http_body_bytes"
                : refusal == LONG_LINE
                        ? "limit_http_line_bytes"
                        : refusal == LONG_FIELDS ? "limit_http_header_bytes" : "http_malformed";
    }

    private static @Nullable HttpReply bodyRefusal(HttpRequest request, HttpSettings settings, boolean modern) {
        String encoding = request.headers().get(HttpHeaderNames.TRANSFER_ENCODING);
        if (encoding != null && !encoding.strip().equalsIgnoreCase("chunked")) {
            return ENCODING;
        }
        String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null && (length.length() > 18 || Long.parseLong(length) > settings.bodyBytes())) {
            return TOO_LARGE;
        }
        String expect = request.headers().get(HttpHeaderNames.EXPECT);
        boolean understood = expect == null || HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect);
        return understood || !modern ? null : EXPECTATION;
    }

    private static HttpReply undecodable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException line -> LONG_LINE;
            case TooLongHttpHeaderException fields -> LONG_FIELDS;
            case Throwable other -> HttpReplies.BAD;
        };
    }

    private static HttpReply error(HttpResponseStatus status) {
        return HttpReplies.error(status).text(status.reasonPhrase().toLowerCase(java.util.Locale.ROOT) + "\n");
    }
}
