package xiu.protocol.hls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.IllegalReferenceCountException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import xiu.container.mpegts.TsDraft;
import xiu.http.HttpExchange;
import xiu.http.HttpReply;
import xiu.protocol.hls.playlist.HlsPlaylist;
import xiu.transport.memory.HeldBuffers;
import xiu.transport.memory.SendableBuffers;

/**
 * One finished segment. It stays a draft until somebody asks for its bytes: most segments of most streams are never
 * asked for. Any thread; the window holds it until it may be forgotten.
 */
final class HlsSegment {
    static final String MEDIA_TYPE = "video/mp2t";
    /** To make the file costs as much as so many replies from it save: who is asked for less is better off without. */
    private static final int WORTH_A_FILE = 8;

    /**
     * A draft lies where its packets came in. It may keep so many times its size there, and the slack; where other data
     * of the stream, which HLS does not carry, makes it more, the segment is cut at once.
     */
    static final int MOST_HELD = 4;

    private static final int SLACK = 64 << 10;

    private final long number;
    private final HlsPlaylist.Entry entry;
    private final int size;
    private final SendableBuffers sendable;
    /** Guarded by this segment; null when it is cut or gone. */
    private @Nullable TsDraft draft;

    private volatile @Nullable Ready ready;
    private final AtomicInteger asked = new AtomicInteger();

    /**
     * What the first one who asks makes, for all.
     *
     * @param last whether nothing better will come in its place
     */
    private record Ready(ByteBuf bytes, HttpReply open, HttpReply guarded, boolean last) {}

    /** Takes over the draft of {@code cut}. */
    HlsSegment(long number, HlsSegmenter.Cut cut, SendableBuffers sendable) {
        this.number = number;
        this.sendable = sendable;
        this.entry =
                new HlsPlaylist.Entry(number, cut.duration(), cut.wallMillis(), cut.discontinuity(), cut.independent());
        this.draft = cut.draft();
        this.size = cut.draft().size();
        if (cut.draft().memory() > (long) size * MOST_HELD + SLACK) {
            makeReady();
        }
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
            ready = replies(HeldBuffers.of(uncut.cut()), false);
        }
        return ready;
    }

    /**
     * Has the bytes copied once into memory that the kernel can send from, for all who will ask. Takes a few tenths of a
     * millisecond.
     */
    synchronized void makeSendable() {
        Ready plain = ready;
        if (plain == null || plain.last) {
            return;
        }
        ByteBuf copy = sendable.copy(plain.bytes);
        if (copy != null) {
            ready = replies(copy, true);
            // After that, so that whoever finds these gone finds the others.
            HeldBuffers.ofProcess().release(plain.bytes);
        }
    }

    private Ready replies(ByteBuf bytes, boolean last) {
        // A name never means other bytes, so nobody has to ask again.
        HttpReply open = reply(bytes, "public, max-age=86400, immutable");
        return new Ready(bytes, open, reply(bytes, "private, max-age=86400, immutable"), last);
    }

    private void makeSendableFor(Channel asking) {
        Ready known = ready;
        if (known != null && !known.last && sendable.isWorthwhile(asking, size)) {
            makeSendable();
        }
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
        Ready held = hold();
        return held == null ? null : held.bytes;
    }

    /** What there is, with a hold on its bytes. */
    private @Nullable Ready hold() {
        Ready now = ready();
        while (now != null && !retained(now.bytes)) {
            // In its place are others by now, or nothing.
            Ready next = ready();
            now = next == now ? null : next;
        }
        return now;
    }

    private static boolean retained(ByteBuf bytes) {
        try {
            bytes.retain();
            return true;
        } catch (IllegalReferenceCountException gone) {
            return false;
        }
    }

    /** Answers with its bytes; false when it is gone. {@code shared}: caches may keep it for everybody. */
    boolean answer(HttpExchange exchange, boolean shared) {
        if (asked.incrementAndGet() >= WORTH_A_FILE) {
            makeSendableFor(exchange.channel());
        }
        Ready now = hold();
        if (now == null) {
            return false;
        }
        try {
            exchange.answer(shared ? now.open : now.guarded);
        } finally {
            now.bytes.release();
        }
        return true;
    }

    /** Gives the memory back; what slow readers still hold of it is counted until they have it, or are closed. */
    synchronized void release() {
        TsDraft uncut = draft;
        Ready cut = ready;
        draft = null;
        ready = null;
        if (uncut != null) {
            uncut.release();
        } else if (cut != null) {
            HeldBuffers.ofProcess().release(cut.bytes);
        }
    }
}
