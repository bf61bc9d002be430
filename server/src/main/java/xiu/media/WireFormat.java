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

    /** What a reader of this format gets before everything else, such as the FLV file header; may be nothing. */
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
     * How many bytes stand behind the body of a packet that has been written, whatever its track. Who needs the body later
     * finds it there and keeps no copy.
     *
     * @return -1 when a body of this many bytes does not stand in one piece, or not at all
     */
    int trailer(int bodyBytes);

    /**
     * Whether only the wish of a single player leads to it, as a second message stream or sound alone does. A stream keeps
     * ready bytes in few such formats at a time, so that nobody multiplies its cost, and in all the others always.
     */
    default boolean isUncommon() {
        return false;
    }

    /** An upper bound of what {@link #configuration} adds to a header of this many bytes. */
    int overhead(int bodyBytes);
}
