package xiu.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/** Whether a request was caused by a page of another origin in a browser (RFC 6454 §7, Fetch Metadata). */
final class OriginCheck {
    private static final String FETCH_SITE = "Sec-Fetch-Site";

    private OriginCheck() {}

    /** False for programs that are no browsers, which no page can use. */
    static boolean isCrossOrigin(HttpHeaders headers) {
        String site = headers.get(FETCH_SITE);
        if (site != null) {
            // Set by the browser itself; a page cannot set it.
            return !site.equals("same-origin") && !site.equals("none");
        }
        List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
        if (origins.isEmpty()) {
            return false;
        }
        String host = headers.get(HttpHeaderNames.HOST);
        return origins.size() > 1 || host == null || !isOf(origins.getFirst().strip(), host.strip());
    }

    /**
     * Whether the origin, of the form {@code scheme://host[:port]}, is the host that was requested; {@code null} never
     * is.
     */
    private static boolean isOf(String origin, String host) {
        int scheme = origin.indexOf("://");
        if (scheme < 0) {
            return false;
        }
        // Behind a proxy that ends TLS the scheme is not known here, so only its usual port may be missing.
        String usual = origin.regionMatches(true, 0, "https", 0, scheme) && scheme == 5 ? ":443" : ":80";
        return plain(origin.substring(scheme + 3), usual).equals(plain(host, usual));
    }

    private static String plain(String authority, String usual) {
        String lower = authority.toLowerCase(Locale.ROOT);
        return lower.endsWith(usual) ? lower.substring(0, lower.length() - usual.length()) : lower;
    }
}
