package xiu.protocol.hls;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.IllegalReferenceCountException;
import org.jspecify.annotations.Nullable;
import xiu.http.HttpExchange;
import xiu.http.HttpReply;

/** One finished segment and its bytes. Any thread; the window holds it until it may be forgotten. */
final class HlsSegment {
    static final String MEDIA_TYPE = "video/mp2t";

    private final long number;
    private final HlsSegmenter.Cut cut;
    private final HttpReply open;
    private final HttpReply guarded;

    /** Takes over the bytes of {@code cut}. */
    HlsSegment(long number, HlsSegmenter.Cut cut) {
        this.number = number;
        this.cut = cut;
        // A name never means other bytes, so nobody has to ask again.
        open = reply("public, max-age=86400, immutable");
        guarded = reply("private, max-age=86400, immutable");
    }

    private HttpReply reply(String caching) {
        return HttpReply.status(HttpResponseStatus.OK)
                .type(MEDIA_TYPE)
                .field("Cache-Control", caching)
                .etag(Long.toString(number))
                .ranges()
                .body(cut.bytes());
    }

    long number() {
        return number;
    }

    /** µs. */
    long duration() {
        return cut.duration();
    }

    long wallMillis() {
        return cut.wallMillis();
    }

    boolean discontinuity() {
        return cut.discontinuity();
    }

    boolean independent() {
        return cut.independent();
    }

    int size() {
        return cut.bytes().readableBytes();
    }

    /** The name under which playlists list it. */
    String name() {
        return number + ".ts";
    }

    /** Its bytes, retained; null when it is gone. */
    @Nullable
    ByteBuf tryRetain() {
        try {
            return cut.bytes().retain();
        } catch (IllegalReferenceCountException gone) {
            return null;
        }
    }

    /** Answers with its bytes; false when it is gone. {@code shared}: caches may keep it for everybody. */
    boolean answer(HttpExchange exchange, boolean shared) {
        ByteBuf held = tryRetain();
        if (held == null) {
            return false;
        }
        try {
            exchange.answer(shared ? open : guarded);
        } finally {
            held.release();
        }
        return true;
    }

    /** Gives the bytes back. */
    void release() {
        cut.bytes().release();
    }
}
