package xiu.http.http1;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decoded requests without a body, by their bytes: the same bytes are the same request, whoever sends them. Requests
 * are never changed. Confined to an event loop.
 */
final class KnownRequests {
    /** How many are kept; a power of two, because the hash of the bytes is their place. */
    private static final int PLACES = 64;
    /** Longer requests are rarely sent twice. */
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

    /** Whether a request of these bytes may be kept. */
    boolean wants(ByteBuf bytes) {
        return bytes.hasArray() && bytes.readableBytes() <= LONGEST;
    }

    /** The request that these bytes were before, or null; borrows them. */
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
        // The hash first, so that the time does not reveal how much of somebody else's token was right.
        boolean same =
                known != null && known.hash == hash && Arrays.equals(known.text, 0, known.text.length, array, from, to);
        return same ? known.request : null;
    }

    /** Keeps a request, perhaps in place of another one. */
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
