package xiu.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The body of a request, put together from the parts that arrive. It grows by doubling: a client chooses how small the
 * parts are, and copying all of it for each would cost quadratic time. Confined to an event loop.
 */
final class RequestBody {
    private static final byte[] NONE = {};
    private static final int LEAST = 256;

    private byte[] bytes = NONE;
    private int length;

    /** Another request begins. */
    void clear() {
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

    /** All of it, which is the caller's; this one is empty again. */
    byte[] take() {
        byte[] whole = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        clear();
        return whole;
    }
}
