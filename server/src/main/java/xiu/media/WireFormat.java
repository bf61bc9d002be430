package xiu.media;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Set;

/**
 * The form in which packets are sent to the players of one protocol. Each packet is written once for all of them, into
 * a log of ready bytes. Implementations are immutable values, and two equal formats share one log. State from packet to
 * packet is in the {@link PacketWriter} of the log; a format without any is a {@link PacketFormat}.
 */
public interface WireFormat {
    /** The writer of one log. */
    PacketWriter open();

    /**
     * Writes what a reader of this format gets before everything else, such as the FLV file header; may be nothing.
     *
     * @param tracks all tracks of the stream
     */
    void begin(List<Track> tracks, ByteBuf out);

    /**
     * Writes a track's configuration, for a reader that has not got it; nothing when the format has none.
     *
     * @param dts the time of the packet that follows, µs
     */
    void configuration(Track track, long dts, ByteBuf out);

    /**
     * A track as it is announced to a reader once it is known which kinds of track really come: metadata must not
     * announce others, because some players wait for them.
     *
     * @return the same track when there is nothing to change
     */
    default Track announced(Track track, Set<TrackKind> kinds) {
        return track;
    }

    /** Whether packets of this kind are written. */
    default boolean carries(TrackKind kind) {
        return true;
    }

    /** Whether packets of this track are written; false for a codec that the format does not carry. */
    default boolean carries(Track track) {
        return carries(track.kind());
    }

    /**
     * Whether packets can usually be found again in the ready bytes, see {@link #trailer}. A stream then keeps them
     * there and nowhere else.
     */
    default boolean holdsPackets() {
        return false;
    }

    /**
     * How many bytes were written after {@link MediaPacket#bytes()} of the packet that has just been written. The
     * stream finds the packet's bytes by that and keeps no copy.
     *
     * @return -1 when these bytes were not written in one piece, or not at all
     */
    int trailer(MediaPacket packet);

    /**
     * Whether a single player may cause this format to be written, with a second message stream or audio alone. A
     * stream has only few such formats at a time, so that players cannot multiply its cost; all other formats are never
     * refused.
     */
    default boolean isUncommon() {
        return false;
    }
}
