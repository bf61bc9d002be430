package xiu.stream;

import java.nio.charset.StandardCharsets;

/**
 * The name of a stream: {@code app/name}. The app may have several levels ({@code live/room1}), the name has none.
 * Neither is ever empty, {@code .} or {@code ..} in any level, nor holds control characters, backslashes or a query.
 */
public record StreamKey(String app, String name) {
    /** The longest app or name, in bytes of UTF-8. */
    public static final int MAX_BYTES = 255;

    /** Validates both parts; throws {@link StreamException} with {@link StreamException.Reason#BAD_NAME}. */
    public StreamKey {
        for (String level : app.split("/", -1)) {
            check("app", level);
        }
        check("name", name);
        if (name.indexOf('/') >= 0 || app.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw refused("name", name);
        }
    }

    private static void check(String what, String part) {
        boolean bad = part.isEmpty() || part.equals(".") || part.equals("..");
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            bad |= c < ' ' || c == 0x7f || c == '\\' || c == '?' || c == '#' || c == '\ufffd';
        }
        if (bad || part.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw refused(what, part);
        }
    }

    private static StreamException refused(String what, String part) {
        StringBuilder safe = new StringBuilder();
        part.chars().limit(40).forEach(c -> safe.append(Character.isISOControl(c) ? '?' : (char) c));
        return new StreamException(
                StreamException.Reason.BAD_NAME, what + ": '" + safe + "' (expected: a plain stream name)");
    }

    @Override
    public String toString() {
        return app + "/" + name;
    }
}
