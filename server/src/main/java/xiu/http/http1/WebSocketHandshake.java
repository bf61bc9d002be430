package xiu.http.http1;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import xiu.http.HttpReplies;
import xiu.http.HttpReply;

/** The opening handshake of RFC 6455 §4.2. */
final class WebSocketHandshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocketHandshake() {}

    static boolean isAskedFor(HttpRequest request) {
        HttpHeaders headers = request.headers();
        return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }

    /** The 101 that opens the socket, or the refusal. */
    static HttpReply answer(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (!"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            return HttpReplies.error(HttpResponseStatus.UPGRADE_REQUIRED)
                    .field("Upgrade", "websocket")
                    .field("Sec-WebSocket-Version", "13")
                    .text("upgrade required: WebSocket version 13\n");
        }
        String key = headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        boolean allowed =
                HttpMethod.GET.equals(request.method()) && HttpVersion.HTTP_1_1.equals(request.protocolVersion());
        if (!allowed || !isKey(key)) {
            return HttpReplies.BAD;
        }
        HttpReply.Builder reply = HttpReply.status(HttpResponseStatus.SWITCHING_PROTOCOLS)
                .field("Upgrade", "websocket")
                .field("Connection", "Upgrade")
                .field("Sec-WebSocket-Accept", accept(key));
        // A browser that asked for a subprotocol closes when it is given none.
        String offered = headers.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        String first = offered == null ? "" : offered.split(",", 2)[0].strip();
        if (isToken(first)) {
            reply.field("Sec-WebSocket-Protocol", first);
        }
        return reply.empty();
    }

    private static boolean isKey(@Nullable String key) {
        if (key == null) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(key.strip()).length == 16;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.length() <= 64
                && text.chars()
                        .allMatch(c -> c < 0x7f && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0));
    }

    private static String accept(@Nullable String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((String.valueOf(key).strip() + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1: absent (expected: in every JDK)", e);
        }
    }
}
