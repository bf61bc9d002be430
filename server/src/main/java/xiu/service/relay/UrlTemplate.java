package xiu.service.relay;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import xiu.transport.client.FarAddress;

/**
 * A relay's far end: a URL with {@code {app}}, {@code {stream}} and {@code {query}} where it differs by stream. It may
 * contain a token, so its text never goes into a log: {@link #toString()} leaves out the query and the user.
 */
public record UrlTemplate(String text) {
    private static final String UNRESERVED = "-._~!$&'()*+,;=:@/";
    /** A query is escaped already, except for percent signs that its author did not escape. */
    private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    public UrlTemplate {
        check(text);
    }

    /** Reads a template. */
    public static UrlTemplate parse(String text) {
        return new UrlTemplate(text);
    }

    /** The template for a server that is named by its address and port alone. */
    public static UrlTemplate rtmp(String address, int port) {
        FarAddress server = new FarAddress("", FarAddress.host(address), port);
        return new UrlTemplate("rtmp://" + server + "/{app}/{stream}");
    }

    /** The scheme, in lower case. */
    public String scheme() {
        return text.substring(0, text.indexOf(':')).toLowerCase(Locale.ROOT);
    }

    /**
     * The URL of one stream.
     *
     * @param query what the publisher or player appended to the name, without the question mark; may be empty
     */
    public URI resolve(String app, String stream, String query) {
        String url = text.replace("{app}", escape(app, UNRESERVED))
                .replace("{stream}", escape(stream, UNRESERVED))
                .replace("{query}", escape(STRAY_PERCENT.matcher(query).replaceAll("%25"), UNRESERVED + "?%"));
        return URI.create(url.endsWith("?") || url.endsWith("&") ? url.substring(0, url.length() - 1) : url);
    }

    /** Whether both name the same host and port, judged by their text alone. */
    public boolean sameServer(UrlTemplate other) {
        FarAddress one = FarAddress.of(resolve("a", "s", ""));
        FarAddress two = FarAddress.of(other.resolve("a", "s", ""));
        return one.host().equalsIgnoreCase(two.host()) && one.portOr(usualPort()) == two.portOr(other.usualPort());
    }

    private int usualPort() {
        return scheme().equals("rtmps") ? 443 : 1935;
    }

    private static void check(String text) {
        String bare = text.replace("{app}", "a").replace("{stream}", "s").replace("{query}", "q");
        if (bare.indexOf('{') >= 0 || bare.indexOf('}') >= 0) {
            throw refusal(text, "no braces but {app}, {stream} and {query}");
        }
        URI uri;
        FarAddress server;
        try {
            uri = new URI(bare);
            server = FarAddress.of(uri);
        } catch (URISyntaxException | IllegalArgumentException e) {
            // The message of the exception would repeat the whole URL, with its token.
            throw refusal(text, "a URL like \"rtmp://host/{app}/{stream}\"");
        }
        if (uri.getScheme() == null) {
            throw refusal(text, "a URL like \"rtmp://host/{app}/{stream}\"");
        }
        if (!server.userInfo().isEmpty() && server.userInfo().indexOf(':') < 0) {
            throw refusal(text, "user:password before the @");
        }
        if (uri.getRawFragment() != null) {
            throw refusal(text, "%23 in place of #, behind which a URL is not sent");
        }
        if (!hasAppAndName(uri)) {
            throw refusal(text, "an app and a name behind the host, like \"rtmp://host/{app}/{stream}\"");
        }
    }

    /** The name may consist of a query alone: some services have keys such as {@code ?streamname=x&key=y}. */
    private static boolean hasAppAndName(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        int last = path.lastIndexOf('/');
        boolean named = last < path.length() - 1
                || uri.getRawQuery() != null && !uri.getRawQuery().isEmpty();
        return last > 1 && named;
    }

    private static IllegalArgumentException refusal(String text, String expected) {
        return new IllegalArgumentException("\"" + withoutSecrets(text) + "\" (expected: " + expected + ")");
    }

    private static String escape(String text, String allowed) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || allowed.indexOf(c) >= 0);
            if (plain) {
                escaped.append(c);
            } else {
                escaped.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return escaped.toString();
    }

    private static String withoutSecrets(String text) {
        int query = text.indexOf('?');
        String path = query < 0 ? text : text.substring(0, query) + "?…";
        int host = path.indexOf("://") + 3;
        int user = path.lastIndexOf('@', Math.max(path.indexOf('/', host), host));
        return user < host ? path : path.substring(0, host) + "…" + path.substring(user);
    }

    @Override
    public String toString() {
        return withoutSecrets(text);
    }
}
