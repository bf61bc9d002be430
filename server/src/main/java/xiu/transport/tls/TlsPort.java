package xiu.transport.tls;

import java.net.InetSocketAddress;
import xiu.transport.BindAddress;

/**
 * A protocol's {@code tls} table: where it listens for connections that begin with TLS.
 *
 * @param enabled whether it does
 * @param port TCP port; 0: any free port
 * @param address local address to bind
 * @param only whether the protocol's own port, which is plain, is closed
 */
public record TlsPort(boolean enabled, int port, BindAddress address, boolean only) {
    public TlsPort {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
    }

    /** Off, with the port that is usual once it is on. */
    public static TlsPort usual(int port) {
        return new TlsPort(false, port, BindAddress.ANY, false);
    }

    /** These settings, listening or not. */
    public TlsPort enabled(boolean listens) {
        return new TlsPort(listens, port, address, only);
    }

    /** These settings on another address. */
    public TlsPort at(BindAddress newAddress) {
        return new TlsPort(enabled, port, newAddress, only);
    }

    /** Whether the plain port is open. */
    public boolean leavesPlain() {
        return !(enabled && only);
    }

    /** Where to listen. */
    public InetSocketAddress listen() {
        return address.withPort(port);
    }
}
