package xiu.stream;

import java.net.InetAddress;
import java.util.List;
import xiu.stream.settings.StreamSettings.OnConflict;

/** The party that feeds a stream. */
public interface Publisher {
    /** The peer that publishes. */
    Peer peer();

    /** The ids of the nodes that the stream has passed before this one, oldest first; empty for an encoder. */
    default List<String> route() {
        return List.of();
    }

    /** The query string of its URL, for relays that pass it on; may be empty. Never logged. */
    default String query() {
        return "";
    }

    /**
     * The right to feed the stream is gone (taken over, kicked, server stopping). Called once, on any thread, but never
     * after the publisher itself has ended the publication; must not block.
     */
    void onRevoked(EndReason reason);

    /**
     * Somebody waits for a key frame; called at most once a second. Any thread; must not block. Does nothing where the
     * protocol cannot pass it on, as RTMP.
     */
    default void requestKeyFrame() {}

    /**
     * Whether it gives its stream up to another publisher of the same name.
     *
     * @param proven whether the newcomer has shown valid credentials
     */
    default boolean yieldsTo(Publisher newcomer, boolean proven, OnConflict rule) {
        if (peer().isRelay() != newcomer.peer().isRelay()) {
            // A publisher on this server takes precedence over what is fetched from elsewhere.
            return peer().isRelay();
        }
        return switch (rule) {
            case TAKEOVER -> true;
            case REJECT -> false;
            case AUTO -> {
                InetAddress address = peer().address();
                // Two relays, or a relay and an encoder, may share an address without being the same publisher.
                boolean same = address != null
                        && address.equals(newcomer.peer().address())
                        && route().equals(newcomer.route());
                yield proven || same;
            }
        };
    }
}
