package xiu.transport;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts the connections of the whole server and refuses those beyond the limits. One per server; any thread. */
public final class ConnectionGate {
    private static final AttributeKey<AtomicBoolean> IN_HANDSHAKE = AttributeKey.valueOf("xiu.inHandshake");

    private final ConnectionLimits limits;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger handshakes = new AtomicInteger();
    private final ConcurrentMap<Object, Integer> perAddress = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();

    /** A gate that nobody has passed yet. */
    public ConnectionGate(ConnectionLimits limits) {
        this.limits = limits;
    }

    /**
     * Lets a new connection in and counts it until it closes. When it returns the name of a limit instead of null, that
     * limit is reached, and the connection must be closed.
     */
    @Nullable
    String admit(Channel channel) {
        Object address = address(channel);
        String limit = enter(address);
        if (limit != null) {
            refused.increment();
            return limit;
        }
        AtomicBoolean inHandshake = new AtomicBoolean(true);
        channel.attr(IN_HANDSHAKE).set(inHandshake);
        channel.closeFuture().addListener(closed -> {
            established(inHandshake);
            leave(address);
        });
        return null;
    }

    /** The connection has finished its handshake, or has sent its first complete request; harmless when repeated. */
    public void established(Channel channel) {
        AtomicBoolean inHandshake = channel.attr(IN_HANDSHAKE).get();
        if (inHandshake != null) {
            established(inHandshake);
        }
    }

    private void established(AtomicBoolean inHandshake) {
        if (inHandshake.compareAndSet(true, false)) {
            handshakes.decrementAndGet();
        }
    }

    private @Nullable String enter(Object address) {
        if (!increment(connections, limits.connections())) {
            return "connections";
        }
        if (!increment(handshakes, limits.handshakes())) {
            connections.decrementAndGet();
            return "handshakes";
        }
        int here = perAddress.merge(address, 1, Integer::sum);
        if (here > limits.connectionsPerAddress()) {
            handshakes.decrementAndGet();
            leave(address);
            return "connections_per_address";
        }
        return null;
    }

    private static boolean increment(AtomicInteger counter, int limit) {
        if (counter.incrementAndGet() > limit) {
            counter.decrementAndGet();
            return false;
        }
        return true;
    }

    private void leave(Object address) {
        connections.decrementAndGet();
        perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /** The IPv4 address, or the first half of the IPv6 address: the other half is its owner's to choose. */
    private static Object address(Channel channel) {
        InetAddress address = channel.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
        return switch (address) {
            case null -> "";
            case Inet6Address wide -> ByteBuffer.wrap(wide.getAddress()).getLong();
            default -> address;
        };
    }

    /** Open connections. */
    public int connections() {
        return connections.get();
    }

    /** Addresses that have open connections. */
    int addresses() {
        return perAddress.size();
    }

    /** Open connections that are not established yet. */
    public int handshakes() {
        return handshakes.get();
    }

    /** Connections refused so far. */
    public long refused() {
        return refused.sum();
    }
}
