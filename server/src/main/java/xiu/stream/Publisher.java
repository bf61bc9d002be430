package xiu.stream;

import java.net.InetAddress;
import java.util.List;
import xiu.stream.settings.StreamSettings.OnConflict;

/** Whoever feeds a stream. */
public interface Publisher {
    /** Who it is. */
    Peer peer();

    /** The ids of the nodes that the stream has passed before this one, oldest first; empty for an encoder. */
    default List<String> route() {
        return List.of();
    }

    /** The query string it published with, for relays that pass it on; may be empty. Never logged. */
    default String query() {
        return "";
    }

    /**
     * The right to feed the stream is gone (taken over, kicked, server stopping). Called once, on any thread, never
     * after the publication was closed by the publisher itself; must not block.
     */
    void onRevoked(EndReason reason);

    /**
     * Somebody waits for a key frame, and asks for one at most once a second. Any thread; must not block. A publisher that
     * cannot pass the wish on, as RTMP cannot, does nothing.
     */
    default void requestKeyFrame() {}

    /**
     * Whether its stream goes to somebody else who comes to the same name.
     *
     * @param proven whether the newcomer has shown valid credentials
     */
    default boolean yieldsTo(Publisher newcomer, boolean proven, OnConflict rule) {
        if (peer().isRelay() != newcomer.peer().isRelay()) {
            // Whoever publishes here comes before what is fetched from elsewhere.
            return peer().isRelay();
        }
        return switch (rule) {
            case TAKEOVER -> true;
            case REJECT -> false;
            case AUTO -> {
                InetAddress address = peer().address();
                // Two relays, or a relay and an encoder, may share a machine and mean different streams.
                boolean same = address != null
                        && address.equals(newcomer.peer().address())
                        && route().equals(newcomer.route());
                yield proven || same;
            }
        };
    }
}
