package xiu.protocol.rtmp.login;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * How encoders prove that they know a password, as FMLE, librtmp and ffmpeg do; no specification has it. All inputs are
 * text in UTF-8, MD5 is given in Base64 (adobe) or lower-case hexadecimal (llnw).
 *
 * <table>
 * <caption>Responses</caption>
 * <tr><td>adobe</td><td>MD5(MD5(user salt password) challenge own)</td></tr>
 * <tr><td>llnw</td><td>MD5(MD5(user:live:password):nonce:nc:own:auth:MD5(publish:/app)), as HTTP's digest</td></tr>
 * </table>
 */
final class LoginDigest {
    /** The number of uses of a nonce: it is used once. */
    static final String NONCE_COUNT = "00000001";

    private LoginDigest() {}

    /**
     * The response of {@code authmod=adobe}.
     *
     * @param challenge the server's {@code opaque}, or its {@code challenge} when it has none
     * @param own the client's challenge
     */
    static String adobe(String user, String salt, String password, String challenge, String own) {
        return base64(base64(user + salt + password) + challenge + own);
    }

    /**
     * The response of {@code authmod=llnw}.
     *
     * @param own the client's nonce
     */
    static String llnw(String user, String password, String app, String nonce, String own) {
        String secret = hex(user + ":live:" + password);
        String instance = app.indexOf('/') < 0 ? "/_definst_" : "";
        String request = hex("publish:/" + app + instance);
        return hex(secret + ":" + nonce + ":" + NONCE_COUNT + ":" + own + ":auth:" + request);
    }

    /** A user's name as it is escaped in a query. */
    static String escaped(String user) {
        return URLEncoder.encode(user, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(md5(text));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(md5(text));
    }

    private static byte[] md5(String text) {
        try {
            return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has MD5", e);
        }
    }
}
