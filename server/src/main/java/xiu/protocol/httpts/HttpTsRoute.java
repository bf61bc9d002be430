package xiu.protocol.httpts;

import xiu.container.mpegts.TsFormat;
import xiu.http.HttpRoute;
import xiu.http.PathPattern;
import xiu.progressive.StreamRoute;
import xiu.progressive.StreamRoute.Manner;
import xiu.stream.StreamHub;

/** {@code GET /{app}/{name}.ts}: plays a stream as one MPEG transport stream, in the body of the answer. */
public final class HttpTsRoute {
    private static final StreamRoute.Offer OFFER = new StreamRoute.Offer(
            PathPattern.of("/{app...}/{name}.ts"),
            "MPEG-TS",
            "video/mp2t",
            new Manner("http-ts", new TsFormat()),
            null);

    private HttpTsRoute() {}

    /** A route to the streams of a hub. */
    public static HttpRoute of(StreamHub hub) {
        return new StreamRoute(hub, OFFER);
    }
}
