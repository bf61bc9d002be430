package xiu.http.field;

import org.jspecify.annotations.Nullable;

/** The Accept-Encoding field (RFC 9110 §12.5.3), as far as it matters to us. */
public final class AcceptEncoding {
    private static final int MOST_CODINGS = 16;

    private AcceptEncoding() {}

    /** Whether gzip is named, or anything is, with a weight that is not zero. */
    public static boolean acceptsGzip(@Nullable String field) {
        if (field == null) {
            return false;
        }
        boolean any = false;
        int from = 0;
        for (int i = 0; i < MOST_CODINGS && from <= field.length(); i++) {
            int comma = field.indexOf(',', from);
            int end = comma < 0 ? field.length() : comma;
            String coding = field.substring(from, end);
            from = end + 1;
            int semicolon = coding.indexOf(';');
            String name = (semicolon < 0 ? coding : coding.substring(0, semicolon)).strip();
            boolean wanted = semicolon < 0 || !isZero(coding.substring(semicolon + 1));
            if (name.equalsIgnoreCase("gzip") || name.equalsIgnoreCase("x-gzip")) {
                return wanted;
            }
            any |= name.equals("*") && wanted;
        }
        return any;
    }

    private static boolean isZero(String weight) {
        String value = weight.replace(" ", "");
        return value.regionMatches(true, 0, "q=0", 0, 3)
                && value.chars().skip(3).allMatch(c -> c == '.' || c == '0');
    }
}
