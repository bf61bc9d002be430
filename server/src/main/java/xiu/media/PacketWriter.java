package xiu.media;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Writes the packets of one log in one format, in order. It may remember what it needs to: counters, a clock, frames that
 * leave together. Confined to the log's writer.
 */
public interface PacketWriter {
    /** What a reader gets who needs nothing more; not to be changed. */
    byte[] NOTHING = {};

    /** How many bytes {@link #flush} would write at most. */
    default int pending() {
        return 0;
    }

    /** Writes what has been taken but not written yet. */
    default void flush(ByteBuf out) {}

    /**
     * Readers may begin with the next packet. What is {@link #pending} has been flushed before.
     *
     * @param tracks what the stream consists of for those readers
     * @return what a reader gets there first who has read before and left something out; must not be changed
     */
    default byte[] entry(List<Track> tracks) {
        return NOTHING;
    }

    /**
     * How many bytes {@link #packet} will write at most. It is called for each packet, just before it is written.
     *
     * @param packet borrowed
     */
    int measure(MediaPacket packet);

    /** One packet, after it has been measured; nothing when the format leaves its track out. Borrows it. */
    void packet(MediaPacket packet, ByteBuf out);

    /** Another publisher follows. What is {@link #pending} has been flushed before. */
    default void restart() {}

    /** Nothing more is written. Idempotent. */
    default void close() {}
}
