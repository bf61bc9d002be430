package xiu.medialog;

import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;

/** One reader's place in a {@link PacketLog}; holds the chunk that it reads. Confined to one thread at a time. */
public final class PacketCursor {
    private final PacketLog log;
    private @Nullable PacketChunk chunk;
    private int index;
    private long next;
    private long skipped;
    private boolean closed;

    /** A reader that begins at {@code at}, and takes over its hold. */
    PacketCursor(PacketLog log, PacketSlot at) {
        this.log = log;
        this.chunk = at.chunk();
        this.index = at.index();
        this.next = at.sequence();
    }

    /** A reader of a log that is still empty. */
    PacketCursor(PacketLog log, long next) {
        this.log = log;
        this.next = next;
    }

    /**
     * The next packet, or null at the end of the log. A reader that was overtaken goes on at the newest key frame.
     *
     * @return borrowed; valid until the next call
     */
    public @Nullable MediaPacket next() {
        PacketChunk here = chunk;
        if (closed || (here == null && !enter(log.first()))) {
            return null;
        }
        while (true) {
            here = chunk;
            if (here == null) {
                return null;
            }
            // In this order: once there is a following chunk, nothing is added to this one.
            PacketChunk following = here.next();
            if (index < here.count()) {
                next++;
                return here.packet(index++);
            }
            if (following == null) {
                return null;
            }
            if (!enter(following.tryRetain() ? new PacketSlot(following, 0) : log.resume())) {
                return null;
            }
        }
    }

    /** Moves to {@code at}, and takes over its hold; false when there is no such place. */
    private boolean enter(@Nullable PacketSlot at) {
        leave();
        if (at == null) {
            return false;
        }
        chunk = at.chunk();
        index = at.index();
        skipped += at.sequence() - next;
        next = at.sequence();
        return true;
    }

    private void leave() {
        PacketChunk left = chunk;
        if (left != null) {
            chunk = null;
            left.release();
        }
    }

    /** Packets that it has lost because it was overtaken. */
    public long skipped() {
        return skipped;
    }

    /** Ends the reading; idempotent. */
    public void close() {
        if (!closed) {
            closed = true;
            leave();
            log.closed();
        }
    }
}
