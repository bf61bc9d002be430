package xiu.protocol.rtmp;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where a stream is on another server: {@code rtmp[s]://host[:port]/app/name[?query]}. The last level of the path is the
 * name. Its text form leaves the query out, which may hold a token.
 *
 * @param tls whether the scheme is {@code rtmps}
 * @param app one or more levels
 * @param name with the query behind it, as it goes into {@code play} and {@code publish}
 */
record RtmpUrl(boolean tls, String host, int port, String app, String name) {
    private static final int PORT = 1935;
    private static final int TLS_PORT = 443;
    private static final int LAST_PORT = 65_535;

    /** Reads a URL; throws {@link IllegalArgumentException}, without naming the query, when it is none of RTMP. */
    static RtmpUrl of(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("rtmps");
        if (!tls && !scheme.equals("rtmp")) {
            throw new IllegalArgumentException("scheme: " + scheme + " (expected: rtmp or rtmps)");
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        int last = path.lastIndexOf('/');
        if (uri.getHost() == null || last < 2 || last == path.length() - 1) {
            throw new IllegalArgumentException("URL: no host, app or name (expected: rtmp://host/app/name)");
        }
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? TLS_PORT : PORT;
        if (port > LAST_PORT) {
            throw new IllegalArgumentException("port: " + port + " (expected: at most " + LAST_PORT + ")");
        }
        return new RtmpUrl(
                tls,
                bare(uri.getHost()),
                port,
                decode(path.substring(1, last)),
                decode(path.substring(last + 1)) + query);
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
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
