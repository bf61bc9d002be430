package xiu.protocol.httpflv;

import java.net.InetSocketAddress;
import xiu.transport.BindAddress;

/**
 * The {@code [httpflv]} table.
 *
 * @param enabled whether HTTP-FLV and WebSocket-FLV are served
 * @param port TCP port; 0: any free port; may be the port of HLS
 * @param address local address to bind
 */
public record HttpFlvSettings(boolean enabled, int port, BindAddress address) {
    private static final HttpFlvSettings DEFAULTS = new HttpFlvSettings(true, 8081, BindAddress.ANY);

    public HttpFlvSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
    }

    /** What is used for keys that the configuration does not name. */
    public static HttpFlvSettings defaults() {
        return DEFAULTS;
    }

    /** These settings, listening or not. */
    public HttpFlvSettings enabled(boolean listens) {
        return new HttpFlvSettings(listens, port, address);
    }

    /** These settings on another address and port. */
    public HttpFlvSettings at(BindAddress newAddress, int newPort) {
        return new HttpFlvSettings(enabled, newPort, newAddress);
    }

    /** Where to listen. */
    public InetSocketAddress listen() {
        return address.withPort(port);
    }
}
