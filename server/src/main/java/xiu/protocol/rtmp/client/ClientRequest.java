package xiu.protocol.rtmp.client;

import java.util.List;

/**
 * What a client asks the far side for.
 *
 * @param route the nodes that its stream, or its request, has passed, this one last; empty for a client that is no
 *     relay
 */
record ClientRequest(Purpose purpose, List<String> route) {
    /** What the connection is for. */
    enum Purpose {
        PLAY,
        PUBLISH
    }

    boolean plays() {
        return purpose == Purpose.PLAY;
    }
}
