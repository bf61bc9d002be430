package xiu.service.auth;

/**
 * Everything that the configuration says about tokens: {@code [authsecret]} and the {@code auth} table of each protocol.
 *
 * @param secret what tokens are compared with
 * @param rtmp who needs a token over RTMP
 * @param httpflv who needs a token over HTTP-FLV, WebSocket-FLV and HTTP-TS
 * @param hls who needs a token over HLS
 */
public record AuthSettings(AuthSecret secret, AuthRule rtmp, AuthRule httpflv, AuthRule hls) {
    private static final AuthSettings DEFAULTS =
            new AuthSettings(AuthSecret.defaults(), AuthRule.defaults(), AuthRule.defaults(), AuthRule.defaults());

    /** No tokens at all. */
    public static AuthSettings defaults() {
        return DEFAULTS;
    }
}
