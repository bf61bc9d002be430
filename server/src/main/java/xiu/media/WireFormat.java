package xiu.media;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Set;

/**
 * Bytes that depend on the packet alone, so that they are written once and shared by every player of the format.
 * Implementations are immutable values: two equal formats share one log of ready bytes.
 */
public interface WireFormat {
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

    /** One packet; nothing when this format leaves its track out. */
    void packet(MediaPacket packet, ByteBuf out);

    /**
     * How many bytes stand behind the body of a packet that {@link #packet} has written, whatever its track. Who needs the
     * body later finds it there and keeps no copy.
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

    /** An upper bound of what {@link #packet} adds to the body of a packet of this many bytes. */
    int overhead(int bodyBytes);
}
