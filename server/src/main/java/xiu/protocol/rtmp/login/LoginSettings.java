package xiu.protocol.rtmp.login;

/**
 * The keys of the {@code [rtmp.auth]} table that only RTMP has.
 *
 * @param challenge whether publishers that show no token when they connect are asked for a user and a password
 */
public record LoginSettings(boolean challenge) {
    private static final LoginSettings DEFAULTS = new LoginSettings(false);

    /** The values of keys that the configuration does not name. */
    public static LoginSettings defaults() {
        return DEFAULTS;
    }
}
