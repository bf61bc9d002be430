package xiu.stream.settings;

/** Selects streams by their path {@code app/name}; {@code *} stands for any characters, also none and also slashes. */
public record StreamPattern(String text) {
    /** Selects every stream. */
    public static final StreamPattern ALL = new StreamPattern("*");

    public StreamPattern {
        if (text.isEmpty() || text.length() > 1024) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: a pattern like \"live/*\")");
        }
    }

    /** Reads a pattern; a leading slash is ignored. */
    public static StreamPattern parse(String text) {
        return new StreamPattern(text.startsWith("/") ? text.substring(1) : text);
    }

    /** Whether the stream with this path is selected. */
    public boolean matches(String path) {
        int p = 0;
        int s = 0;
        int star = -1;
        int resume = 0;
        // On a mismatch the latest star takes one character more; earlier stars never need to be revisited.
        while (s < path.length()) {
            if (p < text.length() && text.charAt(p) == '*') {
                star = p++;
                resume = s;
            } else if (p < text.length() && text.charAt(p) == path.charAt(s)) {
                p++;
                s++;
            } else if (star >= 0) {
                p = star + 1;
                s = ++resume;
            } else {
                return false;
            }
        }
        while (p < text.length() && text.charAt(p) == '*') {
            p++;
        }
        return p == text.length();
    }

    @Override
    public String toString() {
        return text;
    }
}
