package xiu.medialog;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;

/** One reader's place in a {@link PacketLog}; holds the chunk that it reads. Confined to one thread at a time. */
public final class PacketCursor {
    private final PacketLog log;
    private @Nullable PacketChunk chunk;
    private int index;
    private long next;
    /** The first packet that it has not read, or one some packets before it: not written for each of them. */
    private volatile long firstUnread;

    private long skipped;
    private boolean closed;

    /** The open readers of one log. Any thread. */
    static final class All {
        private final List<PacketCursor> open = new CopyOnWriteArrayList<>();

        PacketCursor add(PacketCursor cursor) {
            open.add(cursor);
            return cursor;
        }

        void remove(PacketCursor cursor) {
            open.remove(cursor);
        }

        int size() {
            return open.size();
        }

        /** The first packet that one of them has not read, or one some packets before it; {@code tail}: there is none. */
        long firstUnread(long tail) {
            long first = tail;
            for (PacketCursor cursor : open) {
                first = Math.min(first, cursor.firstUnread);
            }
            return first;
        }
    }

    /** A reader that begins at {@code at}, and takes over its hold. */
    PacketCursor(PacketLog log, PacketSlot at) {
        this.log = log;
        this.chunk = at.chunk();
        this.index = at.index();
        this.next = at.sequence();
        this.firstUnread = next;
    }

    /** A reader of a log that is still empty. */
    PacketCursor(PacketLog log, long next) {
        this.log = log;
        this.next = next;
        this.firstUnread = next;
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
                firstUnread = next;
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
        firstUnread = next;
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
            log.closed(this);
        }
    }
}
