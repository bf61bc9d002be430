package xiu.protocol.rtmp.address;

import java.util.regex.Pattern;
import xiu.stream.StreamKey;

/**
 * Which stream a peer means, and the query that it shows for it. Clients split one URL into app and name at different
 * places, so the two are joined and split again before the last level: {@code live/room1} + {@code cam} is the same
 * stream as {@code live} + {@code room1/cam}. Every part may have a query; all of them are joined.
 *
 * @param path app and name as one, without slashes around, kind and query
 * @param query all query strings, joined by {@code &}; may be empty
 */
public record StreamAddress(String path, String query) {
    /** Flash and its servers put the kind of a file in front of its name. */
    private static final Pattern KIND = Pattern.compile("^(mp4|flv|f4v|mp3|live):");

    private static final Pattern SLASHES = Pattern.compile("/{2,}");

    /** The address of {@code connect}: the app, or the path of {@code tcUrl} where the app is missing. */
    public static StreamAddress ofApp(String app, String tcUrl) {
        int scheme = tcUrl.indexOf("://");
        int path = scheme < 0 ? -1 : tcUrl.indexOf('/', scheme + 3);
        StreamAddress url = cut(path < 0 ? "" : tcUrl.substring(path));
        StreamAddress own = cut(app);
        // Most clients repeat the app's query in tcUrl.
        String query = own.query.equals(url.query) ? own.query : join(own.query, url.query);
        return new StreamAddress(app.isEmpty() ? url.path : own.path, query);
    }

    /** A stream of this app. */
    public StreamAddress stream(String name) {
        StreamAddress own = cut(KIND.matcher(name).replaceFirst(""));
        return new StreamAddress(trim(path + "/" + own.path), join(own.query, query));
    }

    /** The stream's key; throws {@link xiu.stream.StreamException} when there is no such name. */
    public StreamKey key() {
        int last = path.lastIndexOf('/');
        return new StreamKey(path.substring(0, Math.max(last, 0)), path.substring(last + 1));
    }

    /** Throws {@link xiu.stream.StreamException} when no stream of this app can have a name. */
    public void checkApp() {
        if (!path.isEmpty()) {
            new StreamKey(path, "x");
        }
    }

    private static StreamAddress cut(String text) {
        int mark = text.indexOf('?');
        return mark < 0
                ? new StreamAddress(trim(text), "")
                : new StreamAddress(trim(text.substring(0, mark)), text.substring(mark + 1));
    }

    private static String trim(String path) {
        String single = SLASHES.matcher(path).replaceAll("/");
        int from = single.startsWith("/") ? 1 : 0;
        int to = single.length() - (single.length() > from && single.endsWith("/") ? 1 : 0);
        return single.substring(from, to);
    }

    private static String join(String first, String second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first + second;
        }
        return first + "&" + second;
    }

    @Override
    public String toString() {
        return path;
    }
}
