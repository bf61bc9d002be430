package xiu.protocol.rtmp.server;

import java.util.ArrayList;
import java.util.List;
import xiu.container.flv.amf.AmfFields;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.NodeRoute;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.stream.AccessRequest;
import xiu.stream.MediaStream;
import xiu.stream.Publisher;

/** The status by which a stream begins for a player (RTMP 1.0 §7.2.2.1). */
final class PlayStart {
    private PlayStart() {}

    /**
     * The information of the status. A relay also gets the nodes that the stream has passed, this one last, so that the
     * stream never goes in a circle.
     */
    static AmfValue information(AccessRequest request, MediaStream found, String nodeId) {
        AmfValue.Object information = RtmpStatus.PLAY_START.information("started playing " + request.key());
        if (request.route().isEmpty()) {
            return information;
        }
        Publisher publisher = found.publisher();
        List<String> route = new ArrayList<>(publisher == null ? List.of() : publisher.route());
        route.add(nodeId);
        AmfFields more = AmfValue.fields();
        information.fields().forEach(more::put);
        return more.put(NodeRoute.ROUTE, NodeRoute.value(route)).object();
    }
}
