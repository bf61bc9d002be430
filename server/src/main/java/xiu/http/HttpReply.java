package xiu.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.http.field.ByteRange;

/**
 * One answer, immutable, for any version of HTTP: built once per resource, it can answer any number of requests.
 * Whether the body is sent whole, in part (Range) or not at all (HEAD, a matching ETag) is decided for each request by
 * {@link #part}. Whether pages of other origins may read it is decided by the {@link Exposure} of the route.
 *
 * <p>Whoever made the reply owns its body: answering borrows it, and holds it while bytes are being sent.
 */
public final class HttpReply {
    private final HttpResponseStatus status;
    private final List<HttpField> fields;
    private final ByteBuf body;
    private final @Nullable String etag;
    private final boolean ranges;
    private final ReplyPart whole;

    private HttpReply(Builder from, ByteBuf body) {
        this.status = from.status;
        this.fields = List.copyOf(from.fields);
        this.body = body;
        this.etag = from.etag;
        this.ranges = from.ranges;
        this.whole = ReplyPart.whole(status, body.readableBytes(), from.endless);
    }

    /** Begins a reply. */
    public static Builder status(HttpResponseStatus status) {
        return new Builder(status);
    }

    /** The status of the whole answer. */
    public HttpResponseStatus status() {
        return status;
    }

    /** The fields that were given, in that order, without the length. */
    public List<HttpField> fields() {
        return fields;
    }

    /** The body; borrowed: use absolute indices. */
    public ByteBuf body() {
        return body;
    }

    /** The part that is the whole body. */
    public ReplyPart whole() {
        return whole;
    }

    /** The part that a request with this method and these fields gets. */
    public ReplyPart part(HttpMethod method, HttpHeaders headers) {
        if (!status.equals(HttpResponseStatus.OK)) {
            return whole;
        }
        if (isUnchanged(headers.get(HttpHeaderNames.IF_NONE_MATCH))) {
            return ReplyPart.unchanged();
        }
        ByteRange range = ranges && HttpMethod.GET.equals(method) ? range(headers) : null;
        return range == null ? whole : ReplyPart.cut(range, body.readableBytes());
    }

    /** RFC 9110 §13.1.2. */
    private boolean isUnchanged(@Nullable String known) {
        if (etag == null || known == null) {
            return false;
        }
        for (String tag : known.split(",", 64)) {
            String opaque = tag.strip();
            if (opaque.equals("*") || (opaque.startsWith("W/") ? opaque.substring(2) : opaque).equals(etag)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable ByteRange range(HttpHeaders headers) {
        // RFC 9110 §13.1.5: a client that has parts of another version gets the whole body.
        String condition = headers.get(HttpHeaderNames.IF_RANGE);
        boolean same = condition == null || condition.strip().equals(etag);
        return same ? ByteRange.parse(headers.get(HttpHeaderNames.RANGE), body.readableBytes()) : null;
    }

    /** Collects the parts of a reply. Field names and values come from our own code, never from a peer. */
    public static final class Builder {
        private final HttpResponseStatus status;
        private final List<HttpField> fields = new ArrayList<>();
        private @Nullable String etag;
        private boolean ranges;
        private boolean endless;

        private Builder(HttpResponseStatus status) {
            this.status = status;
        }

        /** Adds a field. */
        public Builder field(String name, String value) {
            fields.add(HttpField.of(name, value));
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

        /** A reply with this body, which the caller owns and must keep until the last {@code answer} call. */
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

        /** The head of a body that has no length because it has no end yet. */
        public HttpReply endless() {
            endless = true;
            return empty();
        }
    }
}
