package xiu.protocol.rtmp.login;

/**
 * What of the {@code [rtmp.auth]} table is RTMP's own.
 *
 * @param challenge whether publishers that show no token when they connect are asked for a user and a password
 */
public record LoginSettings(boolean challenge) {
    private static final LoginSettings DEFAULTS = new LoginSettings(false);

    /** What is used for keys that the configuration does not name. */
    public static LoginSettings defaults() {
        return DEFAULTS;
    }
}
