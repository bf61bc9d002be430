package xiu.protocol.rtmp.server;

import xiu.container.flv.amf.AmfFields;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.EnhancedRtmp;
import xiu.protocol.rtmp.NodeRoute;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.RtmpMessage.PeerBandwidth;
import xiu.protocol.rtmp.wire.RtmpMessage.SetChunkSize;
import xiu.protocol.rtmp.wire.RtmpMessage.WindowSize;
import xiu.protocol.rtmp.wire.RtmpMessageFormat;

/** The answer that accepts {@code connect} (RTMP 1.0 §7.2.1.1). */
final class ConnectReply {
    /** After this many bytes each side wants an acknowledgement. */
    private static final int WINDOW = 2_500_000;

    private static final int DYNAMIC = 2;

    private ConnectReply() {}

    /** Sends the answer: windows, chunk size, {@code _result}. */
    static void write(RtmpLink link, RtmpCommand.Connect connect, String nodeId) {
        link.write(new WindowSize(WINDOW));
        link.write(new PeerBandwidth(WINDOW, DYNAMIC));
        link.write(new SetChunkSize(RtmpMessageFormat.CHUNK_SIZE));
        AmfFields server = AmfValue.fields()
                // The version of a Flash Media Server: some clients search for "FMS/".
                .put("fmsVer", "FMS/3,5,7,7009")
                .put("capabilities", 31)
                .put("mode", 1);
        if (EnhancedRtmp.isAnnounced(connect.object())) {
            EnhancedRtmp.announce(server);
        }
        if (NodeRoute.isNamed(connect.object())) {
            server.put(NodeRoute.NODE, nodeId);
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
}
