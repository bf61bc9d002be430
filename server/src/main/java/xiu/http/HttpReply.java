package xiu.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One answer, immutable, with its head ready in bytes: build it once per resource and answer any number of requests
 * with it. Whether the body is sent in whole, in part (Range) or not at all (HEAD, a matching ETag) is decided per
 * request by {@link HttpExchange#answer}.
 *
 * <p>The body stays with whoever made the reply: answering borrows it, and takes its own hold while bytes are under way.
 */
public final class HttpReply {
    private final HttpResponseStatus status;
    private final byte[] fields;
    private final byte[] head;
    private final ByteBuf body;
    private final @Nullable String etag;
    private final boolean ranges;

    private HttpReply(Builder from, ByteBuf body) {
        this.status = from.status;
        this.fields = ascii(from.fields);
        this.body = body;
        this.etag = from.etag;
        this.ranges = from.ranges;
        // RFC 9110 §8.6: no Content-Length in 1xx and 204.
        boolean length = status.code() >= 200 && status.code() != 204 && !from.endless;
        String sized = length ? "Content-Length: " + body.readableBytes() + "\r\n" : "";
        this.head = ascii(statusLine(status) + from.fields + sized);
    }

    /** Begins a reply. Every reply lets pages of any origin read it. */
    public static Builder status(HttpResponseStatus status) {
        return new Builder(status);
    }

    HttpResponseStatus status() {
        return status;
    }

    /** Status line and fields of the whole answer, without Date, Connection and the empty line; borrowed. */
    byte[] head() {
        return head;
    }

    /** The fields that the maker gave, for an answer of another status; borrowed. */
    byte[] fields() {
        return fields;
    }

    /** Borrowed; use absolute indices. */
    public ByteBuf body() {
        return body;
    }

    @Nullable
    String etag() {
        return etag;
    }

    boolean ranges() {
        return ranges;
    }

    static String statusLine(HttpResponseStatus status) {
        return "HTTP/1.1 " + status.code() + " " + status.reasonPhrase() + "\r\n";
    }

    static byte[] ascii(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Collects the parts of a reply. Field names and values come from our own code, never from a peer. */
    public static final class Builder {
        private final HttpResponseStatus status;
        private final StringBuilder fields = new StringBuilder("Access-Control-Allow-Origin: *\r\n");
        private @Nullable String etag;
        private boolean ranges;
        private boolean endless;

        private Builder(HttpResponseStatus status) {
            this.status = status;
        }

        /** Adds a field. */
        public Builder field(String name, String value) {
            if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
                throw new IllegalArgumentException(name + ": line break (expected: one line)");
            }
            fields.append(name).append(": ").append(value).append("\r\n");
            return this;
        }

        /** Adds the Content-Type. */
        public Builder type(String mediaType) {
            return field("Content-Type", mediaType);
        }

        /** Adds an ETag, given without quotes: a request that names it gets 304 instead of the body. */
        public Builder etag(String opaque) {
            etag = "\"" + opaque + "\"";
            return field("ETag", etag);
        }

        /** Lets clients ask for a part of the body. */
        public Builder ranges() {
            ranges = true;
            return field("Accept-Ranges", "bytes");
        }

        /** A reply with this body, which stays the caller's: it must outlive the last {@code answer} call. */
        public HttpReply body(ByteBuf body) {
            return new HttpReply(this, body);
        }

        /** A reply with these bytes. */
        public HttpReply body(byte[] bytes) {
            return new HttpReply(this, Unpooled.wrappedBuffer(bytes));
        }

        /** A reply with a text; needs no release. */
        public HttpReply text(String text) {
            return body(text.getBytes(StandardCharsets.UTF_8));
        }

        /** A reply without a body. */
        public HttpReply empty() {
            return body(Unpooled.EMPTY_BUFFER);
        }

        /** The head of a body that ends with the connection, for {@link HttpExchange#takeOver}. */
        public HttpReply endless() {
            endless = true;
            return empty();
        }
    }
}
