package xiu.stream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a session.
 *
 * @param id the session's id, unique in this process, in every log line about it
 * @param protocol {@code rtmp}, {@code http-flv}, {@code ws-flv}, {@code http-ts}, {@code hls}, {@code relay} …
 * @param address the remote address, or null when the server itself is the peer
 * @param port the remote port, or 0
 */
public record Peer(String id, String protocol, @Nullable InetAddress address, int port) {
    /** The protocol of this server when it fetches a stream from elsewhere. */
    public static final String RELAY_PULL = "relay-pull";
    /** The protocol of this server when it carries a stream elsewhere. */
    public static final String RELAY_PUSH = "relay-push";

    /** Whether this is a relay of this server and not a client. */
    public boolean isRelay() {
        return protocol.equals(RELAY_PULL) || protocol.equals(RELAY_PUSH);
    }

    /**
     * What counts as one address of clients: the IPv4 address, or the first half of the IPv6 address, because its owner
     * chooses the other half.
     */
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
