package xiu.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import xiu.http.field.ByteRange;

/**
 * The part of a reply that a request gets: all of it, a range, or only that it has not changed (RFC 9110 §13 and §14).
 * The same in every version of HTTP.
 *
 * @param status of the answer
 * @param fields added after the fields of the reply
 * @param first the first byte of the part, counted from the readable beginning of the body
 * @param length bytes of the part; the answer to a HEAD request has none of them
 */
public record ReplyPart(HttpResponseStatus status, List<HttpField> fields, int first, int length) {
    /** All of a body of {@code length} bytes. RFC 9110 §8.6: no Content-Length in 1xx and 204. */
    static ReplyPart whole(HttpResponseStatus status, int length, boolean endless) {
        boolean sized = status.code() >= 200 && status.code() != 204 && !endless;
        return new ReplyPart(status, sized ? List.of(length(length)) : List.of(), 0, length);
    }

    private static HttpField length(int bytes) {
        return HttpField.of("Content-Length", Integer.toString(bytes));
    }

    /** The client has the current version: RFC 9110 §15.4.5. */
    static ReplyPart unchanged() {
        return new ReplyPart(HttpResponseStatus.NOT_MODIFIED, List.of(), 0, 0);
    }

    /** A range of a body of {@code size} bytes, or that the range is outside of it. */
    static ReplyPart cut(ByteRange range, int size) {
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
