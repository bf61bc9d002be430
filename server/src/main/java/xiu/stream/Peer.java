package xiu.stream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Who is on the other end.
 *
 * @param id the session's id, unique in this process and first in every log line about it
 * @param protocol {@code rtmp}, {@code http-flv}, {@code ws-flv}, {@code http-ts}, {@code hls}, {@code relay} …
 * @param address the remote address, or null when the server itself is the peer
 * @param port the remote port, or 0
 */
public record Peer(String id, String protocol, @Nullable InetAddress address, int port) {
    /** The protocol of the server itself fetching a stream from elsewhere. */
    public static final String RELAY_PULL = "relay-pull";
    /** The protocol of the server itself carrying a stream elsewhere. */
    public static final String RELAY_PUSH = "relay-push";

    /** Whether this is the server's own relay and not somebody who came here. */
    public boolean isRelay() {
        return protocol.equals(RELAY_PULL) || protocol.equals(RELAY_PUSH);
    }

    /** By what to count who comes here: the IPv4 address, or the first half of the IPv6 address, whose other half is free. */
    public Object place() {
        return switch (address) {
            case null -> "";
            case Inet6Address wide -> ByteBuffer.wrap(wide.getAddress()).getLong();
            default -> address;
        };
    }

    @Override
    public String toString() {
        return address == null ? protocol : protocol + "/" + address.getHostAddress() + ":" + port;
    }
}
