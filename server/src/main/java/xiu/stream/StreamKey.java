package xiu.stream;

import java.nio.charset.StandardCharsets;

/**
 * The name of a stream: {@code app/name}. The app may have several levels ({@code live/room1}), the name has one. No
 * level is empty, {@code .} or {@code ..}, or contains control characters, backslashes or a query.
 */
public record StreamKey(String app, String name) {
    /** The longest app or name, in bytes of UTF-8. */
    public static final int MAX_BYTES = 255;

    /** Characters that end names in URLs or lines in logs, and the one that replaces bytes that are no text. */
    private static final String FORBIDDEN = "\\?#\u2028\u2029\ufffd";

    /** Validates both parts; throws {@link StreamException} with {@link StreamException.Reason#BAD_NAME}. */
    public StreamKey {
        for (String level : app.split("/", -1)) {
            check("app", level);
        }
        check("name", name);
        if (name.indexOf('/') >= 0) {
            throw refused("name", name);
        }
        if (app.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw refused("app", app);
        }
    }

    private static void check(String what, String part) {
        boolean bad = part.isEmpty() || part.equals(".") || part.equals("..");
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            bad |= Character.isISOControl(c) || FORBIDDEN.indexOf(c) >= 0;
        }
        // Half a surrogate pair becomes a question mark in UTF-8, so that two names would be one file.
        bad |= !StandardCharsets.UTF_8.newEncoder().canEncode(part);
        if (bad || part.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw refused(what, part);
        }
    }

    private static StreamException refused(String what, String part) {
        StringBuilder safe = new StringBuilder();
        part.chars().limit(40).forEach(c -> safe.append(isBlankOrControl(c) ? '?' : (char) c));
        return new StreamException(
                StreamException.Reason.BAD_NAME, what + ": '" + safe + "' (expected: a plain stream name)");
    }

    private static boolean isBlankOrControl(int c) {
        return Character.isISOControl(c) || (Character.isSpaceChar(c) && c != ' ');
    }

    // Asked for every HLS request. A record's own is a chain of method handles, which the JVM's first compiler does not
    // inline.
    @Override
    public boolean equals(Object other) {
        return other instanceof StreamKey key && name.equals(key.name) && app.equals(key.app);
    }

    @Override
    public int hashCode() {
        return 31 * app.hashCode() + name.hashCode();
    }

    @Override
    public String toString() {
        return app + "/" + name;
    }
}
