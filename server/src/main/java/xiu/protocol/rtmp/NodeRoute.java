package xiu.protocol.rtmp;

import java.util.List;
import xiu.container.flv.amf.AmfValue;

/** The ids of the nodes that a stream has passed, as relays write them into AMF objects, so that none goes in a circle. */
public final class NodeRoute {
    /** The property in which a server names itself to a relay. */
    public static final String NODE = "xiuNode";

    /** The property in which a relay names the nodes that its stream, or its request, has passed. */
    public static final String ROUTE = "xiuRoute";

    private static final int LONGEST_ROUTE = 64;
    private static final int LONGEST_NODE = 64;

    private NodeRoute() {}

    /** Whether an object names a route, be it an empty one: only relays write that. */
    public static boolean isNamed(AmfValue.Fields object) {
        return object.fields().containsKey(ROUTE);
    }

    /** The nodes that an object names; empty when there are none. */
    public static List<String> of(AmfValue.Fields object) {
        if (!(object.fields().get(ROUTE) instanceof AmfValue.StrictArray array)) {
            return List.of();
        }
        return array.values().stream()
                .limit(LONGEST_ROUTE)
                .filter(AmfValue.Text.class::isInstance)
                .map(value -> ((AmfValue.Text) value).value())
                .filter(NodeRoute::isNode)
                .toList();
    }

    /** Whether this text may be the id of a node: ids are kept, sent on, and written into log lines. */
    public static boolean isNode(String text) {
        return text.length() <= LONGEST_NODE && text.chars().noneMatch(Character::isISOControl);
    }

    /** The value of {@link #ROUTE}. */
    public static AmfValue value(List<String> route) {
        return new AmfValue.StrictArray(route.stream().map(AmfValue::of).toList());
    }
}
