package xiu.protocol.rtmp.login;

/**
 * A user and a password. Its text shows neither.
 *
 * @param user not encoded in any way
 * @param password not encoded in any way
 */
public record Login(String user, String password) {
    @Override
    public String toString() {
        return "hidden";
    }
}
