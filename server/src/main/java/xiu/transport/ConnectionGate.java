package xiu.transport;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xiu.metrics.Registry;
import xiu.settings.Live;
import xiu.transport.gate.GateCounters;
import xiu.transport.gate.Handshakes;

/**
 * Counts the connections of the whole server and refuses those beyond the limits. Unfinished handshakes are bounded
 * differently: where there are too many, the oldest of the address that has the most is closed, so that connections
 * which do nothing cannot keep others out. One per server; any thread.
 */
public final class ConnectionGate {
    private static final AttributeKey<Object> ADDRESS = AttributeKey.valueOf("xiu.address");
    private static final int MAPPED_IPV4 = 0xffff;

    private final Live<ConnectionLimits> live;
    private final Handshakes<Channel> handshakes = new Handshakes<>();
    private final Map<Object, Integer> perAddress = new HashMap<>();
    private final GateCounters counters = new GateCounters();
    private int connections;

    /**
     * The decision about a new connection.
     *
     * @param limit the limit that is reached; null: none
     * @param displaced the connection that must be closed in place of the new one; null while a limit is reached: the
     *     new one itself must be closed
     */
    record Admission(@Nullable String limit, @Nullable Channel displaced) {
        private static final Admission FREE = new Admission(null, null);

        boolean isRefused() {
            return limit != null && displaced == null;
        }
    }

    /** A gate without connections. Limits that are lowered later close no open connection. */
    public ConnectionGate(Live<ConnectionLimits> limits) {
        this.live = limits;
    }

    /** A gate whose limits stay as they are. */
    public ConnectionGate(ConnectionLimits limits) {
        this(Live.of(limits));
    }

    /** Lets a new connection in and counts it until it closes, unless it is refused. Takes constant time. */
    Admission admit(Channel channel) {
        Object address = address(channel);
        Admission admission = enter(channel, address);
        if (!admission.isRefused()) {
            channel.attr(ADDRESS).set(address);
            channel.closeFuture().addListener(closed -> leave(channel, address));
        }
        return admission;
    }

    /** The connection has finished its handshake, or has sent its first complete request; harmless when repeated. */
    public void established(Channel channel) {
        Object address = channel.attr(ADDRESS).get();
        if (address != null) {
            finish(channel, address);
        }
    }

    private synchronized void finish(Channel channel, Object address) {
        handshakes.leave(address, channel);
    }

    private synchronized Admission enter(Channel channel, Object address) {
        ConnectionLimits limits = live.now();
        if (connections >= limits.connections()) {
            return refuse("connections");
        }
        if (perAddress.getOrDefault(address, 0) >= limits.connectionsPerAddress()) {
            return refuse("connections_per_address");
        }
        connections++;
        counters.accepted();
        perAddress.merge(address, 1, Integer::sum);
        handshakes.enter(address, channel);
        if (handshakes.of(address) > limits.handshakesPerAddress()) {
            return displace("handshakes_per_address", handshakes.removeOldestOf(address));
        }
        // The new one counts for its address already, but is never the oldest there.
        return handshakes.size() > limits.handshakes()
                ? displace("handshakes", handshakes.removeOldestOfWorst())
                : Admission.FREE;
    }

    private Admission refuse(String limit) {
        counters.refused(limit);
        return new Admission(limit, null);
    }

    private Admission displace(String limit, @Nullable Channel oldest) {
        counters.displaced(limit);
        return new Admission(limit, oldest);
    }

    private synchronized void leave(Channel channel, Object address) {
        handshakes.leave(address, channel);
        connections--;
        perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /**
     * What counts as one address: the IPv4 address, or the first half of the IPv6 address, because its owner chooses
     * the other half.
     */
    private static Object address(Channel channel) {
        InetAddress address = channel.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
        return switch (address) {
            case null -> "";
            case Inet6Address wide -> network(ByteBuffer.wrap(wide.getAddress()));
            default -> ByteBuffer.wrap(address.getAddress()).getInt();
        };
    }

    /**
     * What counts as one address of these bytes: an IPv4 address may come as an IPv6 one (RFC 4291 §2.5.5.2), and all
     * of those have the same first half.
     */
    private static Object network(ByteBuffer address) {
        boolean mapped = address.getLong(0) == 0 && address.getInt(8) == MAPPED_IPV4;
        return mapped ? (Object) address.getInt(12) : (Object) address.getLong(0);
    }

    /** Open connections. */
    public synchronized int connections() {
        return connections;
    }

    /** Addresses that have open connections. */
    synchronized int addresses() {
        return perAddress.size();
    }

    /** Open connections that are not established yet. */
    public synchronized int handshakes() {
        return handshakes.size();
    }

    /** Connections refused so far. */
    public long refused() {
        return counters.refused();
    }

    /** Connections closed so far because others came and their own handshake was the oldest of too many. */
    public long displaced() {
        return counters.displaced();
    }

    /** Registers its numbers. */
    public void register(Registry registry) {
        counters.register(registry, this::connections, this::handshakes);
    }
}
