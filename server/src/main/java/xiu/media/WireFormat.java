package xiu.media;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Set;

/**
 * What packets are written as for the players of one protocol: once for all of them, into a log of ready bytes.
 * Implementations are immutable values, and two equal formats share one log. What a format must remember from packet to
 * packet is in the {@link PacketWriter} of the log; one that has nothing to remember is a {@link PacketFormat}.
 */
public interface WireFormat {
    /** The writer of one log. */
    PacketWriter open();

    /**
     * What a reader of this format gets before everything else, such as the FLV file header; may be nothing.
     *
     * @param tracks all that the stream has
     */
    void begin(List<Track> tracks, ByteBuf out);

    /**
     * A track's configuration, for a reader that has not seen it; nothing when the track needs none.
     *
     * @param dts the time of the packet that follows, µs
     */
    void configuration(Track track, long dts, ByteBuf out);

    /**
     * A track as it is told to a reader that comes when it is settled which kinds of track the stream has: metadata must
     * not promise others, for some players wait for them.
     *
     * @return the same track when there is nothing to change
     */
    default Track settled(Track track, Set<TrackKind> kinds) {
        return track;
    }

    /** Whether packets of this kind are written at all. */
    default boolean carries(TrackKind kind) {
        return true;
    }

    /** Whether packets of this track are written: not those of a codec that the format has no place for. */
    default boolean carries(Track track) {
        return carries(track.kind());
    }

    /**
     * Whether packets are, as a rule, found again among the ready bytes, see {@link #trailer}. A stream then keeps them
     * there and nowhere else.
     */
    default boolean holdsPackets() {
        return false;
    }

    /**
     * How many bytes stand behind {@link MediaPacket#bytes()} of a packet that has just been written. Who needs
     * the packet later finds it there and keeps no copy.
     *
     * @return -1 when its bytes do not stand in one piece, or not at all
     */
    int trailer(MediaPacket packet);

    /**
     * Whether only the wish of a single player leads to it, as a second message stream or sound alone does. A stream keeps
     * ready bytes in few such formats at a time, so that nobody multiplies its cost, and in all the others always.
     */
    default boolean isUncommon() {
        return false;
    }
}
