package xiu.protocol.rtmp.client;

import javax.net.ssl.SSLException;

/** Describes why a connection to a far side was not made. */
final class ConnectFailure {
    private ConnectFailure() {}

    /** The reason in a few words. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        boolean tls = false;
        while (cause.getCause() != null) {
            tls |= cause instanceof SSLException;
            cause = cause.getCause();
        }
        tls |= cause instanceof SSLException;
        return (tls ? "TLS: " : "") + (cause.getMessage() == null ? "closed" : cause.getMessage());
    }
}
