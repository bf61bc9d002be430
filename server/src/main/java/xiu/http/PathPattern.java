package xiu.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of paths, such as {@code /{app...}/{name}.flv}. Each level is plain text or holds one {@code {variable}}
 * with text around it, which matches at least one character. A first level {@code {variable...}} matches one or more
 * levels. Matching is exact and works on decoded levels, so that an escaped slash is never a separator.
 */
public final class PathPattern {
    private final String text;
    private final @Nullable String rest;
    private final List<Level> levels;

    /** One level of a path: text, or text around a variable. */
    private record Level(String prefix, @Nullable String variable, String suffix) {
        boolean matches(String segment) {
            if (variable == null) {
                return segment.equals(prefix);
            }
            return segment.length() > prefix.length() + suffix.length()
                    && segment.endsWith(suffix)
                    && segment.startsWith(prefix);
        }

        String value(String segment) {
            return segment.substring(prefix.length(), segment.length() - suffix.length());
        }
    }

    /**
     * A path that matches a pattern.
     *
     * @param segments the levels of the path, decoded
     */
    public record Match(PathPattern pattern, List<String> segments) {
        /** The value of a variable; levels of a {@code {rest...}} are joined with slashes. */
        public String variable(String name) {
            return pattern.variable(name, segments);
        }
    }

    private PathPattern(String text, @Nullable String rest, List<Level> levels) {
        this.text = text;
        this.rest = rest;
        this.levels = levels;
    }

    /** Reads a pattern; throws {@link IllegalArgumentException} when it is not one. */
    public static PathPattern of(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("pattern: " + text + " (expected: a leading slash)");
        }
        String rest = null;
        List<Level> levels = new ArrayList<>();
        for (String level : text.substring(1).split("/", -1)) {
            if (level.startsWith("{") && level.endsWith("...}") && rest == null && levels.isEmpty()) {
                rest = level.substring(1, level.length() - 4);
            } else {
                levels.add(level(text, level));
            }
        }
        return new PathPattern(text, rest, List.copyOf(levels));
    }

    private static Level level(String text, String level) {
        int open = level.indexOf('{');
        int close = level.indexOf('}');
        if (open < 0 && close < 0 && !level.isEmpty()) {
            return new Level(level, null, "");
        }
        if (open < 0
                || close < open + 2
                || level.indexOf('{', open + 1) >= 0
                || level.indexOf('.', open) < close && level.indexOf('.', open) >= 0) {
            throw new IllegalArgumentException("pattern: " + text + " (expected: levels with at most one {variable})");
        }
        return new Level(level.substring(0, open), level.substring(open + 1, close), level.substring(close + 1));
    }

    /** Whether a path of these decoded levels is one of the pattern. */
    boolean matches(List<String> segments) {
        int own = levels.size();
        int extra = segments.size() - own;
        if (rest == null ? extra != 0 : extra < 1) {
            return false;
        }
        // From the end: patterns differ most in the last level.
        for (int i = own - 1; i >= 0; i--) {
            if (!levels.get(i).matches(segments.get(extra + i))) {
                return false;
            }
        }
        return true;
    }

    /** The value of a variable in a path that matches; levels of a {@code {rest...}} are joined with slashes. */
    String variable(String name, List<String> segments) {
        int extra = segments.size() - levels.size();
        if (name.equals(rest)) {
            return extra == 1 ? segments.getFirst() : String.join("/", segments.subList(0, extra));
        }
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            if (name.equals(level.variable())) {
                return level.value(segments.get(extra + i));
            }
        }
        throw new IllegalArgumentException("variable: " + name + " (expected: one of " + text + ")");
    }

    @Override
    public String toString() {
        return text;
    }
}
