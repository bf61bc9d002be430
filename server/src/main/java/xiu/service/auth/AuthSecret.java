package xiu.service.auth;

/**
 * The {@code [authsecret]} table. Its text never shows what it holds.
 *
 * @param key key of md5 tokens
 * @param password simple token to play, and to publish unless there is a {@code pushPassword}
 * @param pushPassword simple token to publish; empty: {@code password}
 */
public record AuthSecret(String key, String password, String pushPassword) {
    private static final AuthSecret DEFAULTS = new AuthSecret("", "", "");

    /** The values of keys that the configuration does not name. */
    public static AuthSecret defaults() {
        return DEFAULTS;
    }

    @Override
    public String toString() {
        return "AuthSecret[…]";
    }
}
