package xiu.protocol.rtmp.server;

import java.util.List;
import xiu.protocol.rtmp.address.StreamAddress;
import xiu.stream.AccessRequest;
import xiu.stream.AccessRequest.Action;
import xiu.stream.AccessRequest.Credentials;
import xiu.stream.AccessRequest.Proof;
import xiu.stream.Peer;
import xiu.stream.StreamException;

/**
 * What a peer has connected to.
 *
 * @param address the app, with its query
 * @param route the nodes that a relay has named; empty for all other peers
 * @param proof what a publisher has shown of its password
 */
record ConnectedApp(StreamAddress address, List<String> route, Proof proof) {
    /** The address of a stream of this app. */
    StreamAddress stream(String name) {
        return address.stream(name);
    }

    /**
     * The request to the hub.
     *
     * @throws StreamException when no stream can have this name
     */
    AccessRequest request(Action action, StreamAddress stream, Peer peer) {
        return new AccessRequest(action, stream.key(), peer, new Credentials(stream.query(), "", proof), route);
    }

    /** Throws when a stream from this peer would have been at this node before. */
    void refuseLoop(String nodeId) {
        if (route.contains(nodeId)) {
            throw new StreamException(StreamException.Reason.BAD_NAME, "the stream has been at this node before");
        }
    }
}
