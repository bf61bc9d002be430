package xiu.protocol.hls;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import xiu.http.HttpExchange;
import xiu.http.HttpReply;
import xiu.segment.window.Segment;
import xiu.transport.memory.SendableBuffers;

/** The answers that carry one segment, built once for all who ask. Any thread. */
final class SegmentReplies {
    /** To make the file costs as much as so many replies from it save: who is asked for less is better off without. */
    private static final int WORTH_A_FILE = 8;

    private final Segment segment;
    private final String mediaType;
    private final SendableBuffers sendable;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile @Nullable Built built;

    /** Replies with these bytes, which are the segment's. */
    private record Built(ByteBuf bytes, HttpReply open, HttpReply guarded) {}

    SegmentReplies(Segment segment, String mediaType, SendableBuffers sendable) {
        this.segment = segment;
        this.mediaType = mediaType;
        this.sendable = sendable;
    }

    /**
     * Answers with its bytes.
     *
     * @param shared whether caches may keep it for everybody
     * @return how many the client gets; -1: the segment is gone, and there is no answer
     */
    int answer(HttpExchange exchange, boolean shared) {
        if (asked.incrementAndGet() >= WORTH_A_FILE && exchange.takesFiles()) {
            makeSendable();
        }
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

    private void makeSendable() {
        if (segment.isPlain() && sendable.isWorthwhile(segment.size())) {
            segment.makeSendable(sendable);
        }
    }

    /** Two threads may both build the first one: they build the same. */
    private Built built(ByteBuf bytes) {
        Built known = built;
        if (known == null || known.bytes != bytes) {
            // A name never means other bytes, so nobody has to ask again.
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
