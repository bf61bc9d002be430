package xiu.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.http.field.ByteRange;

/**
 * What of a reply a request gets: all of it, a range, or only that it has not changed (RFC 9110 §13 and §14). The same in
 * every version of HTTP.
 *
 * @param status of the answer
 * @param fields those that come after the fields of the reply
 * @param first the first byte of the body that is meant, from its readable beginning
 * @param length bytes of the body that are meant; a request by HEAD gets none of them
 */
public record ReplyPart(HttpResponseStatus status, List<HttpField> fields, int first, int length) {
    /** The part that answers a request with this method and these fields. */
    public static ReplyPart of(HttpReply reply, HttpMethod method, HttpHeaders headers) {
        if (!reply.status().equals(HttpResponseStatus.OK)) {
            return reply.whole();
        }
        if (isUnchanged(reply, headers.get(HttpHeaderNames.IF_NONE_MATCH))) {
            return new ReplyPart(HttpResponseStatus.NOT_MODIFIED, List.of(), 0, 0);
        }
        ByteRange range = range(reply, method, headers);
        return range == null ? reply.whole() : cut(range, reply.body().readableBytes());
    }

    /** All of a body of {@code length} bytes. RFC 9110 §8.6: no Content-Length in 1xx and 204. */
    static ReplyPart whole(HttpResponseStatus status, int length, boolean endless) {
        boolean sized = status.code() >= 200 && status.code() != 204 && !endless;
        return new ReplyPart(status, sized ? List.of(length(length)) : List.of(), 0, length);
    }

    private static HttpField length(int bytes) {
        return HttpField.of("Content-Length", Integer.toString(bytes));
    }

    /** RFC 9110 §13.1.2. */
    private static boolean isUnchanged(HttpReply reply, @Nullable String known) {
        String etag = reply.etag();
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

    private static @Nullable ByteRange range(HttpReply reply, HttpMethod method, HttpHeaders headers) {
        if (!reply.ranges() || !HttpMethod.GET.equals(method)) {
            return null;
        }
        // RFC 9110 §13.1.5: a client that holds parts of another version gets the whole.
        String condition = headers.get(HttpHeaderNames.IF_RANGE);
        boolean same = condition == null || condition.strip().equals(reply.etag());
        return same
                ? ByteRange.parse(
                        headers.get(HttpHeaderNames.RANGE), reply.body().readableBytes())
                : null;
    }

    private static ReplyPart cut(ByteRange range, int size) {
        if (range.length() == 0) {
            HttpField outside = HttpField.of("Content-Range", "bytes */" + size);
            return new ReplyPart(HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE, List.of(outside, length(0)), 0, 0);
        }
        int last = range.first() + range.length() - 1;
        HttpField place = HttpField.of("Content-Range", "bytes " + range.first() + "-" + last + "/" + size);
        return new ReplyPart(
                HttpResponseStatus.PARTIAL_CONTENT,
                List.of(place, length(range.length())),
                range.first(),
                range.length());
    }
}
