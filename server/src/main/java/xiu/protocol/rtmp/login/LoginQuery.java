package xiu.protocol.rtmp.login;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** The query after an app: the values of a login in it, and the rest without them. */
final class LoginQuery {
    private static final int MOST_PARAMETERS = 64;
    private static final Set<String> OF_A_LOGIN =
            Set.of("authmod", "user", "challenge", "response", "opaque", "nonce", "cnonce", "nc");

    private final Map<String, String> values = new LinkedHashMap<>();

    private LoginQuery() {}

    /**
     * Reads a query. Encoders put a question mark before their login also where a query has begun; values may be Base64,
     * with plus signs and equal signs in them, so nothing is decoded.
     */
    static LoginQuery parse(String query) {
        LoginQuery parsed = new LoginQuery();
        for (String parameter : query.split("[&?]", MOST_PARAMETERS)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            parsed.values.put(name, equals < 0 ? "" : parameter.substring(equals + 1));
        }
        return parsed;
    }

    /** The value of a name; empty when it is not there. */
    String value(String name) {
        return values.getOrDefault(name, "");
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The rest, for policies and relays. */
    String withoutLogin() {
        StringJoiner rest = new StringJoiner("&");
        values.forEach((name, value) -> {
            if (!OF_A_LOGIN.contains(name) && !name.isEmpty()) {
                rest.add(value.isEmpty() ? name : name + "=" + value);
            }
        });
        return rest.toString();
    }

    static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
