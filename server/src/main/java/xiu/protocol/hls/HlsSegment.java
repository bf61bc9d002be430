package xiu.protocol.hls;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.IllegalReferenceCountException;
import org.jspecify.annotations.Nullable;
import xiu.container.mpegts.TsDraft;
import xiu.http.HttpExchange;
import xiu.http.HttpReply;

/**
 * One finished segment. It stays a draft until somebody asks for its bytes: most segments of most streams are never
 * asked for. Any thread; the window holds it until it may be forgotten.
 */
final class HlsSegment {
    static final String MEDIA_TYPE = "video/mp2t";

    private final long number;
    private final HlsPlaylist.Entry entry;
    private final int size;
    /** Guarded by this segment; null when it is cut or gone. */
    private @Nullable TsDraft draft;

    private volatile @Nullable Ready ready;

    /** What the first one who asks makes, for all. */
    private record Ready(ByteBuf bytes, HttpReply open, HttpReply guarded) {}

    /** Takes over the draft of {@code cut}. */
    HlsSegment(long number, HlsSegmenter.Cut cut) {
        this.number = number;
        this.entry =
                new HlsPlaylist.Entry(number, cut.duration(), cut.wallMillis(), cut.discontinuity(), cut.independent());
        this.draft = cut.draft();
        this.size = cut.draft().size();
    }

    private @Nullable Ready ready() {
        Ready known = ready;
        return known == null ? makeReady() : known;
    }

    /** Takes a millisecond at most for a usual segment, so whoever asks meanwhile may wait. */
    private synchronized @Nullable Ready makeReady() {
        TsDraft uncut = draft;
        if (uncut != null) {
            draft = null;
            ByteBuf bytes = uncut.cut();
            // A name never means other bytes, so nobody has to ask again.
            HttpReply open = reply(bytes, "public, max-age=86400, immutable");
            ready = new Ready(bytes, open, reply(bytes, "private, max-age=86400, immutable"));
        }
        return ready;
    }

    private HttpReply reply(ByteBuf bytes, String caching) {
        return HttpReply.status(HttpResponseStatus.OK)
                .type(MEDIA_TYPE)
                .field("Cache-Control", caching)
                .etag(Long.toString(number))
                .ranges()
                .body(bytes);
    }

    long number() {
        return number;
    }

    /** µs. */
    long duration() {
        return entry.duration();
    }

    boolean discontinuity() {
        return entry.discontinuity();
    }

    /** What playlists say of it. */
    HlsPlaylist.Entry entry() {
        return entry;
    }

    int size() {
        return size;
    }

    /** The name under which playlists list it. */
    String name() {
        return number + ".ts";
    }

    /** Its bytes, retained; null when it is gone. */
    @Nullable
    ByteBuf tryRetain() {
        Ready now = ready();
        return now == null ? null : retained(now.bytes);
    }

    private static @Nullable ByteBuf retained(ByteBuf bytes) {
        try {
            return bytes.retain();
        } catch (IllegalReferenceCountException gone) {
            return null;
        }
    }

    /** Answers with its bytes; false when it is gone. {@code shared}: caches may keep it for everybody. */
    boolean answer(HttpExchange exchange, boolean shared) {
        Ready now = ready();
        if (now == null || retained(now.bytes) == null) {
            return false;
        }
        try {
            exchange.answer(shared ? now.open : now.guarded);
        } finally {
            now.bytes.release();
        }
        return true;
    }

    /** Gives the memory back. */
    synchronized void release() {
        TsDraft uncut = draft;
        Ready cut = ready;
        draft = null;
        ready = null;
        if (uncut != null) {
            uncut.release();
        } else if (cut != null) {
            cut.bytes.release();
        }
    }
}
