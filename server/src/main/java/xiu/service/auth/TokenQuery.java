package xiu.service.auth;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Finds the token in a query string. */
final class TokenQuery {
    private static final String NAME = "token=";

    private TokenQuery() {}

    /** The decoded value of the first {@code token} parameter; empty when there is none or it cannot be decoded. */
    static String token(String query) {
        String parameter = parameter(query);
        return parameter.isEmpty() ? "" : decoded(parameter.substring(NAME.length()));
    }

    /** The first {@code token} parameter with its name, as received; empty when there is none. */
    static String parameter(String query) {
        for (String parameter : query.split("&", 64)) {
            if (parameter.startsWith(NAME)) {
                return parameter;
            }
        }
        return "";
    }

    private static String decoded(String value) {
        try {
            // A plus is taken literally: tokens in base64 contain it, and no token contains a space.
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
