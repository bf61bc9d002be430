package xiu.log;

import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;

/** One reader's place in a {@link PacketLog}. Confined to one thread at a time. */
public final class PacketCursor {
    private final PacketLog log;
    private long next;
    private long skipped;
    private boolean closed;

    PacketCursor(PacketLog log, long next) {
        this.log = log;
        this.next = next;
    }

    /**
     * The next packet, or null at the tail. A reader that was overtaken goes on at the newest key frame.
     *
     * @return retained; the caller releases it
     */
    public @Nullable MediaPacket next() {
        while (next < log.tail()) {
            MediaPacket packet = log.retained(next);
            if (packet != null) {
                next++;
                return packet;
            }
            // Overtaken. Everything up to the resumption may be gone by now too, so this can go round again.
            long resume = Math.max(log.resumeAt(), next + 1);
            skipped += resume - next;
            next = resume;
        }
        return null;
    }

    /** Packets lost by being overtaken so far. */
    public long skipped() {
        return skipped;
    }

    /** Ends the reading; idempotent. */
    public void close() {
        if (!closed) {
            closed = true;
            log.closed();
        }
    }
}
