package xiu.protocol.rtmp;

import java.util.List;
import java.util.Set;
import xiu.container.flv.amf.AmfFields;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.RtmpMessage.PeerBandwidth;
import xiu.protocol.rtmp.wire.RtmpMessage.SetChunkSize;
import xiu.protocol.rtmp.wire.RtmpMessage.WindowSize;
import xiu.protocol.rtmp.wire.RtmpMessageFormat;

/** How a server answers {@code connect}, and what relays put into it. */
final class ConnectReply {
    /** Where a relay names the nodes that its stream, or its wish, has passed. */
    static final String ROUTE = "xiuRoute";

    /** Where a server names itself to a relay. */
    static final String NODE = "xiuNode";

    /** After this many bytes each side wants to hear that they have arrived. */
    private static final int WINDOW = 2_500_000;

    private static final int DYNAMIC = 2;
    private static final int LONGEST_ROUTE = 64;
    private static final int LONGEST_NODE = 64;

    /** What a client of Enhanced RTMP says; who says none of it would not understand the answer. */
    private static final Set<String> ENHANCED =
            Set.of("fourCcList", "capsEx", "videoFourCcInfoMap", "audioFourCcInfoMap");

    private static final List<String> FOUR_CCS =
            List.of("avc1", "hvc1", "av01", "vp08", "vp09", "mp4a", "Opus", "fLaC", "ac-3", "ec-3", ".mp3");
    /** Enhanced RTMP: multitrack (2), ModEx packets (4) and nanosecond offsets (8) pass through. */
    private static final double CAPABILITIES = 2 + 4 + 8;

    private static final double CAN_FORWARD = 4;

    private ConnectReply() {}

    /** Accepts: windows, chunk size, {@code _result}. */
    static void write(RtmpLink link, RtmpCommand.Connect connect, String nodeId) {
        link.write(new WindowSize(WINDOW));
        link.write(new PeerBandwidth(WINDOW, DYNAMIC));
        link.write(new SetChunkSize(RtmpMessageFormat.CHUNK_SIZE));
        AmfFields server = AmfValue.fields()
                // A version of the server whose protocol this is: some clients look for "FMS/".
                .put("fmsVer", "FMS/3,5,7,7009")
                .put("capabilities", 31)
                .put("mode", 1);
        if (connect.object().fields().keySet().stream().anyMatch(ENHANCED::contains)) {
            putCapabilities(server);
        }
        if (connect.object().fields().containsKey(ROUTE)) {
            server.put(NODE, nodeId);
        }
        link.command(0, "_result", connect.transaction(), server.object(), success(connect));
    }

    private static AmfValue success(RtmpCommand.Connect connect) {
        AmfFields information = AmfValue.fields();
        RtmpStatus.CONNECT_SUCCESS.information("Connection succeeded.").fields().forEach(information::put);
        return information
                .put("objectEncoding", connect.object().number("objectEncoding").orElse(0))
                .object();
    }

    /** What of Enhanced RTMP passes through here: all of it. */
    static void putCapabilities(AmfFields object) {
        AmfValue any = AmfValue.fields().put("*", CAN_FORWARD).object();
        object.put(
                        "fourCcList",
                        new AmfValue.StrictArray(
                                FOUR_CCS.stream().map(AmfValue::of).toList()))
                .put("videoFourCcInfoMap", any)
                .put("audioFourCcInfoMap", any)
                .put("capsEx", CAPABILITIES);
    }

    /** The nodes that a relay names in its connect object; empty when there are none. */
    static List<String> route(AmfValue.Fields object) {
        if (!(object.fields().get(ROUTE) instanceof AmfValue.StrictArray array)) {
            return List.of();
        }
        return array.values().stream()
                .limit(LONGEST_ROUTE)
                .filter(AmfValue.Text.class::isInstance)
                .map(value -> ((AmfValue.Text) value).value())
                .filter(ConnectReply::isNode)
                .toList();
    }

    /** Whether this may be a node's id: it is kept, sent on, and stands in lines of the log. */
    static boolean isNode(String text) {
        return text.length() <= LONGEST_NODE && text.chars().noneMatch(Character::isISOControl);
    }

    /** The other way round: what a relay puts into its connect object. */
    static AmfValue routeValue(List<String> route) {
        return new AmfValue.StrictArray(route.stream().map(AmfValue::of).toList());
    }
}
