package xiu.stream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import xiu.stream.text.LogText;

/**
 * The other end of a session.
 *
 * @param id the session's id, unique in this process, in every log line about it
 * @param protocol {@code rtmp}, {@code http-flv}, {@code ws-flv}, {@code http-ts}, {@code hls}, {@code relay} …
 * @param address the remote address, or null when the server itself is the peer
 * @param port the remote port, or 0
 * @param agent the name of its program (the User-Agent of HTTP, the flashVer of RTMP), cut, and without characters that
 *     do not print; empty when it is not known
 */
public record Peer(String id, String protocol, @Nullable InetAddress address, int port, String agent) {
    /** The protocol of this server when it fetches a stream from elsewhere. */
    public static final String RELAY_PULL = "relay-pull";
    /** The protocol of this server when it carries a stream elsewhere. */
    public static final String RELAY_PUSH = "relay-push";

    private static final int LONGEST_AGENT = 256;

    /** Makes the agent's name printable. */
    public Peer {
        agent = agent.isEmpty() ? agent : LogText.of(agent, LONGEST_AGENT);
    }

    /** A peer whose program is not known. */
    public Peer(String id, String protocol, @Nullable InetAddress address, int port) {
        this(id, protocol, address, port, "");
    }

    /** The same peer with the name of its program. */
    public Peer called(String newAgent) {
        return new Peer(id, protocol, address, port, newAgent);
    }

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
