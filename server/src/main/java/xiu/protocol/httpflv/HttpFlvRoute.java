package xiu.protocol.httpflv;

import xiu.container.flv.FlvTagFormat;
import xiu.container.flv.WebSocketFlvFormat;
import xiu.http.HttpRoute;
import xiu.http.PathPattern;
import xiu.progressive.StreamRoute;
import xiu.progressive.StreamRoute.Manner;
import xiu.stream.StreamHub;

/** {@code GET /{app}/{name}.flv}: plays a stream as FLV, in the body of the answer or over a WebSocket. */
public final class HttpFlvRoute {
    private static final StreamRoute.Offer OFFER = new StreamRoute.Offer(
            PathPattern.of("/{app...}/{name}.flv"),
            "FLV",
            "video/x-flv",
            new Manner("http-flv", new FlvTagFormat()),
            new Manner("ws-flv", new WebSocketFlvFormat()));

    private HttpFlvRoute() {}

    /** A route to the streams of a hub. */
    public static HttpRoute of(StreamHub hub) {
        return new StreamRoute(hub, OFFER);
    }
}
