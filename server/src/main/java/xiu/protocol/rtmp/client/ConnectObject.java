package xiu.protocol.rtmp.client;

import xiu.container.flv.amf.AmfFields;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.EnhancedRtmp;
import xiu.protocol.rtmp.NodeRoute;
import xiu.protocol.rtmp.address.RtmpUrl;

/** The object of {@code connect} (RTMP 1.0 §7.2.1.1), with the values of encoders and players that servers know. */
final class ConnectObject {
    private ConnectObject() {}

    /** {@code loginQuery}: what follows the app and {@code tcUrl}; usually empty. */
    static AmfValue of(RtmpUrl url, String loginQuery, ClientRequest request) {
        String tcUrl = url.tcUrl() + loginQuery;
        AmfFields object = AmfValue.fields().put("app", url.app() + loginQuery);
        switch (request.purpose()) {
            case PUBLISH ->
                object.put("type", "nonprivate")
                        .put("flashVer", "FMLE/3.0 (compatible; Xiu)")
                        .put("tcUrl", tcUrl);
            case PLAY ->
                object.put("flashVer", "LNX 9,0,124,2")
                        .put("tcUrl", tcUrl)
                        .put("fpad", false)
                        .put("capabilities", 15)
                        .put("audioCodecs", 4071)
                        .put("videoCodecs", 252)
                        .put("videoFunction", 1);
        }
        EnhancedRtmp.announce(object);
        if (!request.route().isEmpty()) {
            object.put(NodeRoute.ROUTE, NodeRoute.value(request.route()));
        }
        return object.object();
    }
}
