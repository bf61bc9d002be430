package xiu.protocol.rtmp.address;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import xiu.protocol.rtmp.login.Login;
import xiu.transport.client.FarAddress;

/**
 * Where a stream is on another server: {@code rtmp[s]://[user:password@]host[:port]/app/name[?query]}. The last level of the path is the
 * name; it may be empty when there is a query, which then is the whole name, as OBS and ffmpeg send it. The text form leaves
 * the query and the user out, which are secrets.
 *
 * @param tls whether the scheme is {@code rtmps}
 * @param host in the form in which it is resolved
 * @param port also when the URL names none
 * @param app one or more levels
 * @param name with the query behind it, as it goes into {@code play} and {@code publish}
 * @param login what to show to a far side that asks for it, or null
 */
public record RtmpUrl(
        boolean tls,
        String host,
        int port,
        String app,
        String name,
        @Nullable Login login) {
    private static final int PORT = 1935;
    private static final int TLS_PORT = 443;

    /** Reads a URL; throws {@link IllegalArgumentException}, without naming the query, when it is none of RTMP. */
    public static RtmpUrl of(URI uri) {
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
                decode(path.substring(last + 1)) + query,
                login(server.userInfo()));
    }

    private static @Nullable Login login(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? null
                : new Login(decode(userInfo.substring(0, colon)), decode(userInfo.substring(colon + 1)));
    }

    /**
     * The same stream at another place, to which a far side redirects. Another host gets neither the query nor the
     * password, which were meant for this one, and an encrypted connection is never replaced by a plain one.
     *
     * @throws IllegalArgumentException when there is no such place, or it must not be used; the message does not quote
     *     it
     */
    public RtmpUrl redirected(String to) {
        RtmpUrl place;
        try {
            place = of(URI.create(to + "/name"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("redirected to what is no RTMP URL", e);
        }
        if (tls && !place.tls) {
            throw new IllegalArgumentException("redirected from rtmps to rtmp (expected: rtmps)");
        }
        boolean sameHost = host.equalsIgnoreCase(place.host);
        String carried = sameHost ? name : bareName();
        if (carried.isEmpty()) {
            throw new IllegalArgumentException("redirected to another host, for which the key is not meant");
        }
        return new RtmpUrl(place.tls, place.host, place.port, place.app, carried, sameHost ? login : null);
    }

    /** A text of the far side in a form that may be logged: it may repeat secrets that were sent to it. */
    public String withoutSecrets(String text) {
        String query = name.substring(bareName().length());
        String safe = query.length() > 1 ? text.replace(query, "?…").replace(query.substring(1), "…") : text;
        return login == null || login.password().isEmpty() ? safe : safe.replace(login.password(), "…");
    }

    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The {@code tcUrl} of {@code connect}. */
    public String tcUrl() {
        return (tls ? "rtmps://" : "rtmp://") + place() + "/" + app;
    }

    private String place() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The name without its query. */
    public String bareName() {
        int mark = name.indexOf('?');
        return mark < 0 ? name : name.substring(0, mark);
    }

    @Override
    public String toString() {
        return tcUrl() + "/" + bareName();
    }
}
