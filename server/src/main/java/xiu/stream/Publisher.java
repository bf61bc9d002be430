package xiu.stream;

import java.util.List;

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
}
