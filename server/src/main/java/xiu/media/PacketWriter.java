package xiu.media;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Writes the packets of one log in one format, in order. It may have state: counters, a clock, frames that are written
 * together. Confined to the log's writer.
 */
public interface PacketWriter {
    /** For a reader that needs nothing more; must not be changed. */
    byte[] NOTHING = {};

    /** How many bytes {@link #flush} would write at most. */
    default int pending() {
        return 0;
    }

    /** Writes what has been kept back. */
    default void flush(ByteBuf out) {}

    /**
     * Readers may begin with the next packet. What was {@link #pending} has been flushed.
     *
     * @param tracks the tracks that the stream has for those readers
     * @return what a reader must be sent here that has skipped a part of the stream; must not be changed
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

    /** Writes one packet, after it has been measured; nothing when the format does not carry its track. Borrows it. */
    void packet(MediaPacket packet, ByteBuf out);

    /** Another publisher follows. What was {@link #pending} has been flushed. */
    default void restart() {}

    /** Nothing more is written. Idempotent. */
    default void close() {}
}
