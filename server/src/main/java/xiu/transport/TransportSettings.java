package xiu.transport;

import java.time.Duration;

/**
 * The {@code [transport]} table: event loops and socket options.
 *
 * @param io how the event loops wait for the kernel
 * @param threads event loops; 0: one per processor
 * @param sendBuffer bytes of kernel memory for the outgoing data of one connection (SO_SNDBUF); 0: the kernel decides
 * @param userTimeout time after which a peer that acknowledges nothing of what is on the network is gone, as the server
 *     measures it; zero: never. Not the kernel's TCP_USER_TIMEOUT, which also resets peers that read slowly.
 * @param limits the connection limits of {@code [limits]}
 */
public record TransportSettings(
        IoEngine io, int threads, long sendBuffer, Duration userTimeout, ConnectionLimits limits) {

    private static final TransportSettings DEFAULTS =
            new TransportSettings(IoEngine.AUTO, 0, 256 * 1024, Duration.ofSeconds(10), ConnectionLimits.defaults());

    public TransportSettings {
        if (threads < 0 || threads > 1024) {
            throw new IllegalArgumentException("threads: " + threads + " (expected: 0 to 1024)");
        }
        if (sendBuffer != 0 && (sendBuffer < 4096 || sendBuffer > 1 << 30)) {
            throw new IllegalArgumentException("send_buffer: " + sendBuffer + " (expected: 0, or 4KiB to 1GiB)");
        }
        if (userTimeout.isNegative() || userTimeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "user_timeout: " + userTimeout.toSeconds() + " s (expected: 0 to 3600 s)");
        }
    }

    /** The values of keys that the configuration does not name. */
    public static TransportSettings defaults() {
        return DEFAULTS;
    }

    /** These settings with other limits. */
    public TransportSettings with(ConnectionLimits newLimits) {
        return new TransportSettings(io, threads, sendBuffer, userTimeout, newLimits);
    }
}
