package xiu.service.auth;

/**
 * The {@code auth} table of one protocol.
 *
 * @param pullEnabled whether players need a token
 * @param pushEnabled whether publishers need a token
 * @param algorithm how a token is made from the secret
 */
public record AuthRule(boolean pullEnabled, boolean pushEnabled, AuthAlgorithm algorithm) {
    private static final AuthRule DEFAULTS = new AuthRule(false, false, AuthAlgorithm.SIMPLE);

    /** The values of keys that the configuration does not name. */
    public static AuthRule defaults() {
        return DEFAULTS;
    }

    /** Whether anybody needs a token. */
    public boolean enabled() {
        return pullEnabled || pushEnabled;
    }
}
