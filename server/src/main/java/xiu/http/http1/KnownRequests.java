package xiu.http.http1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Requests without a body, by the bytes that they were: the same bytes are the same request, whoever sends them. Nobody
 * changes a request. Confined to an event loop.
 */
final class KnownRequests {
    /** A power of two: the bytes' hash says where they are. */
    private static final int PLACES = 64;
    /** Longer ones are rarely sent twice. */
    private static final int LONGEST = 1_024;

    private static final FastThreadLocal<KnownRequests> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected KnownRequests initialValue() {
            return new KnownRequests();
        }
    };

    private final @Nullable Known[] places = new Known[PLACES];

    private record Known(int hash, byte[] text, HttpRequest request) {}

    static KnownRequests ofThisLoop() {
        return OF_LOOP.get();
    }

    /** Whether {@link #keep} would be worth it for these bytes. */
    boolean wants(ByteBuf bytes) {
        return bytes.hasArray() && bytes.readableBytes() <= LONGEST;
    }

    /** What just these bytes were before, or null; borrows them. */
    @Nullable
    HttpRequest find(ByteBuf bytes) {
        if (!wants(bytes)) {
            return null;
        }
        byte[] array = bytes.array();
        int from = bytes.arrayOffset() + bytes.readerIndex();
        int to = from + bytes.readableBytes();
        int hash = hash(array, from, to);
        Known known = places[place(hash)];
        // By hash first, so that the time does not tell how much of another one's token was right.
        boolean same =
                known != null && known.hash == hash && Arrays.equals(known.text, 0, known.text.length, array, from, to);
        return same ? known.request : null;
    }

    /** Takes the place of another one, if need be. */
    void keep(byte[] text, HttpRequest request) {
        int hash = hash(text, 0, text.length);
        places[place(hash)] = new Known(hash, text, request);
    }

    private static int place(int hash) {
        return (hash ^ hash >>> 16) & PLACES - 1;
    }

    private static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }
}
