package xiu.transport;

import java.time.Duration;

/**
 * The keys of {@code [limits]} that bound connections, whatever their protocol.
 *
 * @param connections open connections of the whole server
 * @param connectionsPerAddress open connections of one remote address; many viewers may sit behind one
 * @param handshakes connections that have not finished their handshake yet, or have sent no complete HTTP request
 * @param handshakesPerAddress of these, those of one remote address; beyond it and {@code handshakes}, the oldest go
 * @param handshakeTimeout time from accepting a connection to the end of its handshake
 */
public record ConnectionLimits(
        int connections,
        int connectionsPerAddress,
        int handshakes,
        int handshakesPerAddress,
        Duration handshakeTimeout) {

    private static final ConnectionLimits DEFAULTS =
            new ConnectionLimits(65_536, 32_768, 4_096, 2_048, Duration.ofSeconds(10));

    public ConnectionLimits {
        atLeastOne("connections", connections);
        atLeastOne("connections_per_address", connectionsPerAddress);
        atLeastOne("handshakes", handshakes);
        atLeastOne("handshakes_per_address", handshakesPerAddress);
        if (handshakeTimeout.compareTo(Duration.ofMillis(100)) < 0
                || handshakeTimeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "handshake_timeout: " + handshakeTimeout.toMillis() + " ms (expected: 100 ms to 1 h)");
        }
    }

    private static void atLeastOne(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: at least 1)");
        }
    }

    /** The values of keys that the configuration does not name. */
    public static ConnectionLimits defaults() {
        return DEFAULTS;
    }
}
