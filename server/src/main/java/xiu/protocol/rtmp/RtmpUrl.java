package xiu.protocol.rtmp;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import xiu.transport.client.FarAddress;

/**
 * Where a stream is on another server: {@code rtmp[s]://host[:port]/app/name[?query]}. The last level of the path is the
 * name; it may be empty when there is a query, which then is the whole name, as OBS and ffmpeg send it. The text form leaves
 * the query out, which may hold a token.
 *
 * @param tls whether the scheme is {@code rtmps}
 * @param app one or more levels
 * @param name with the query behind it, as it goes into {@code play} and {@code publish}
 */
record RtmpUrl(boolean tls, String host, int port, String app, String name) {
    private static final int PORT = 1935;
    private static final int TLS_PORT = 443;

    /** Reads a URL; throws {@link IllegalArgumentException}, without naming the query, when it is none of RTMP. */
    static RtmpUrl of(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("rtmps");
        if (!tls && !scheme.equals("rtmp")) {
            throw new IllegalArgumentException("scheme: " + scheme + " (expected: rtmp or rtmps)");
        }
        FarAddress server = FarAddress.of(uri);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        int last = path.lastIndexOf('/');
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        if (last < 2 || last == path.length() - 1 && query.length() < 2) {
            throw new IllegalArgumentException("URL: no app or no name (expected: rtmp://host/app/name)");
        }
        return new RtmpUrl(
                tls,
                server.host(),
                server.portOr(tls ? TLS_PORT : PORT),
                decode(path.substring(1, last)),
                decode(path.substring(last + 1)) + query);
    }

    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** What {@code connect} says about itself. */
    String tcUrl() {
        return (tls ? "rtmps://" : "rtmp://") + place() + "/" + app;
    }

    private String place() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The name without its query. */
    String bareName() {
        int mark = name.indexOf('?');
        return mark < 0 ? name : name.substring(0, mark);
    }

    @Override
    public String toString() {
        return tcUrl() + "/" + bareName();
    }
}
