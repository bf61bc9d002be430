package xiu.protocol.hls;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;
import xiu.http.HttpExchange;
import xiu.http.HttpReply;
import xiu.segment.window.Segment;

/** The answers with one segment, built once for all requests. Any thread. */
final class SegmentReplies {
    private final Segment segment;
    private final String mediaType;
    private volatile @Nullable Built built;

    /** Replies with these bytes, which the segment owns. */
    private record Built(ByteBuf bytes, HttpReply open, HttpReply guarded) {}

    SegmentReplies(Segment segment, String mediaType) {
        this.segment = segment;
        this.mediaType = mediaType;
    }

    /**
     * Answers with the segment's bytes.
     *
     * @param shared whether caches may keep the answer for everybody
     * @return how many the client gets; -1: the segment was released, and there is no answer
     */
    int answer(HttpExchange exchange, boolean shared) {
        ByteBuf bytes = segment.tryRetain();
        if (bytes == null) {
            return -1;
        }
        try {
            Built replies = built(bytes);
            HttpReply reply = shared ? replies.open : replies.guarded;
            int sent = exchange.bodyBytes(reply);
            exchange.answer(reply);
            return sent;
        } finally {
            bytes.release();
        }
    }

    /** Two threads may both build it; the results are equal. */
    private Built built(ByteBuf bytes) {
        Built known = built;
        if (known == null || known.bytes != bytes) {
            // A name always means the same bytes, so caches never have to ask again.
            known = new Built(
                    bytes,
                    reply(bytes, "public, max-age=86400, immutable"),
                    reply(bytes, "private, max-age=86400, immutable"));
            built = known;
        }
        return known;
    }

    private HttpReply reply(ByteBuf bytes, String caching) {
        return HttpReply.status(HttpResponseStatus.OK)
                .type(mediaType)
                .field("Cache-Control", caching)
                .etag(Long.toString(segment.number()))
                .ranges()
                .body(bytes);
    }
}
