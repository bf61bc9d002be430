package xiu.http.http1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A request that is arriving: its head, and its body put together from the parts. The body's memory grows by doubling:
 * the client chooses how small the parts are, and copying everything for each part would take quadratic time. Confined
 * to an event loop.
 */
final class RequestAssembly {
    private static final byte[] NONE = {};
    private static final int LEAST = 256;

    private @Nullable HttpRequest head;
    private byte[] bytes = NONE;
    private int length;

    /** A request begins. */
    void begin(HttpRequest withHead) {
        drop();
        head = withHead;
    }

    /** Whether a request has begun, and is neither complete nor dropped. */
    boolean isUnderWay() {
        return head != null;
    }

    /** Drops the request, because it is answered otherwise. */
    void drop() {
        head = null;
        bytes = NONE;
        length = 0;
    }

    /** Adds what is readable; borrows it. */
    void add(ByteBuf part) {
        int more = part.readableBytes();
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(LEAST, Math.max(length + more, 2 * bytes.length)));
        }
        part.getBytes(part.readerIndex(), bytes, length, more);
        length += more;
    }

    /** The exchange of the complete request, or null when there is none. */
    @Nullable
    Http1Exchange complete(Http1Exchange.Owner connection) {
        HttpRequest whole = head;
        if (whole == null) {
            return null;
        }
        byte[] body = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        drop();
        return new Http1Exchange(connection, whole, body);
    }
}
