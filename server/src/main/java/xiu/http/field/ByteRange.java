package xiu.http.field;

import org.jspecify.annotations.Nullable;

/**
 * One range of a body (RFC 9110 §14.1.2).
 *
 * @param first offset of its first byte; equal to the body's length when it lies outside
 * @param length bytes; zero when it lies outside
 */
public record ByteRange(int first, int length) {

    /**
     * Reads a Range field for a body of {@code size} bytes.
     *
     * @return null when there is none that must be obeyed: another unit, several ranges, bad syntax (§14.2 lets us
     *     ignore them all)
     */
    public static @Nullable ByteRange parse(@Nullable String field, int size) {
        if (field == null || !field.regionMatches(true, 0, "bytes=", 0, 6)) {
            return null;
        }
        String range = field.substring(6).strip();
        int dash = range.indexOf('-');
        if (dash < 0) {
            return null;
        }
        long first = number(range.substring(0, dash));
        long last = number(range.substring(dash + 1));
        if (dash == 0) {
            return last < 0 ? null : suffix(last, size);
        }
        boolean open = dash == range.length() - 1;
        if (first < 0 || !open && last < first) {
            return null;
        }
        if (first >= size) {
            return new ByteRange(size, 0);
        }
        long end = open ? size : Math.min(last + 1, size);
        return new ByteRange((int) first, (int) (end - first));
    }

    private static ByteRange suffix(long wanted, int size) {
        int length = (int) Math.min(wanted, size);
        return new ByteRange(size - length, length);
    }

    /** A decimal number, or -1. */
    private static long number(String digits) {
        boolean decimal = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!decimal) {
            return -1;
        }
        // Longer ones lie outside every body.
        return digits.length() > 18 ? Long.MAX_VALUE - 1 : Long.parseLong(digits);
    }
}
