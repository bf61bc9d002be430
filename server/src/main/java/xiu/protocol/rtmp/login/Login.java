package xiu.protocol.rtmp.login;

/**
 * A user and a password. Its text shows neither.
 *
 * @param user decoded
 * @param password decoded
 */
public record Login(String user, String password) {
    @Override
    public String toString() {
        return "hidden";
    }
}
