package xiu.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The target of a request line, checked and decoded (RFC 9112 §3.2, RFC 3986 §3.3). Whatever another program could read
 * as another path (dot segments, empty levels, escaped slashes, bad escapes, bytes that are not UTF-8) is refused, not
 * repaired.
 *
 * @param segments the levels of the path, decoded; only the last may be empty
 * @param query what follows the question mark, as received; may be empty
 */
record RequestTarget(List<String> segments, String query) {
    /** Reads an origin-form or absolute-form target, one byte per char as the request line has it; null when bad. */
    static @Nullable RequestTarget parse(String target) {
        int path = target.startsWith("/") ? 0 : authorityEnd(target);
        if (path < 0 || target.indexOf('#') >= 0) {
            return null;
        }
        int question = target.indexOf('?', path);
        int end = question < 0 ? target.length() : question;
        String query = question < 0 ? "" : target.substring(question + 1);
        List<String> segments = path == end ? List.of("") : segments(target, path + 1, end);
        return segments == null ? null : new RequestTarget(segments, query);
    }

    /** RFC 9112 §3.2.2: servers accept the absolute form, too. */
    private static int authorityEnd(String target) {
        int scheme = target.indexOf("://");
        if (scheme < 0 || !target.regionMatches(true, 0, "http", 0, 4)) {
            return -1;
        }
        for (int i = scheme + 3; i < target.length(); i++) {
            if (target.charAt(i) == '/' || target.charAt(i) == '?') {
                return i;
            }
        }
        return target.length();
    }

    private static @Nullable List<String> segments(String target, int begin, int end) {
        List<String> segments = new ArrayList<>(4);
        int from = begin;
        while (from <= end) {
            int slash = target.indexOf('/', from);
            int to = slash < 0 || slash > end ? end : slash;
            String segment = isPlain(target, from, to) ? target.substring(from, to) : decode(target, from, to);
            if (segment == null || segment.isEmpty() && to < end || !isSafe(segment)) {
                return null;
            }
            segments.add(segment);
            from = to + 1;
        }
        return segments;
    }

    private static boolean isSafe(String segment) {
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '/' || c == '\\' || Character.isISOControl(c)) {
                return false;
            }
        }
        return !segment.equals(".") && !segment.equals("..");
    }

    private static boolean isPlain(String target, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = target.charAt(i);
            if (c == '%' || c > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String decode(String text, int from, int to) {
        byte[] bytes = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            int value = text.charAt(i);
            if (value == '%') {
                // A bad digit is -1, which stays negative in either place.
                value = i + 2 < to ? hex(text.charAt(i + 1)) << 4 | hex(text.charAt(i + 2)) : -1;
                i += 2;
            }
            if (value < 0 || value > 0xff) {
                return null;
            }
            bytes[length++] = (byte) value;
        }
        try {
            ByteBuffer utf8 = ByteBuffer.wrap(bytes, 0, length);
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /** The first value of a query's parameter with plus signs as spaces; null when absent or not decodable. */
    static @Nullable String queryParameter(String query, String name) {
        int from = 0;
        while (from < query.length()) {
            int ampersand = query.indexOf('&', from);
            int end = ampersand < 0 ? query.length() : ampersand;
            int equals = query.indexOf('=', from);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (nameEnd - from == name.length() && query.startsWith(name, from)) {
                String value = query.substring(Math.min(nameEnd + 1, end), end).replace('+', ' ');
                return decode(value, 0, value.length());
            }
            from = end + 1;
        }
        return null;
    }
}
