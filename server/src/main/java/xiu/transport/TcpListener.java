package xiu.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.transport.closing.LastBytes;
import xiu.transport.trouble.RareLine;
import xiu.transport.trouble.RareLines;

/**
 * Listens on one address and gives each accepted connection its handlers. A failing accept, for example for lack of
 * file descriptors, never ends it. Start and stop on any thread, but not at the same time.
 */
public final class TcpListener implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);

    /**
     * Where and how a listener listens.
     *
     * @param name for messages: {@code rtmp}, {@code rtmp.tls}, {@code httpflv} …
     * @param address port 0 means any free one
     * @param security what each connection begins with; null: nothing, it is plain
     */
    public record Address(
            String name,
            InetSocketAddress address,
            @Nullable Security security) {
        /** One whose connections are plain. */
        public static Address plain(String name, InetSocketAddress address) {
            return new Address(name, address, null);
        }
    }

    /** What a connection begins with before its protocol: TLS. */
    @FunctionalInterface
    public interface Security {
        /**
         * Secures a new connection. On its event loop, before its first read.
         *
         * @param established gets the channel when it is secure, and adds the handlers of what is spoken inside; for these it
         *     becomes active only then
         * @param failed gets the channel and the reason; the channel is closed afterwards
         */
        void install(Channel channel, Consumer<Channel> established, BiConsumer<Channel, Throwable> failed);
    }

    private final String name;
    private final Address wanted;
    private final EventLoops loops;
    private final ConnectionGate gate;
    private final Consumer<Channel> onConnection;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final RareLines refusals = new RareLines(LOG);
    private final RareLine failures = new RareLine(TimeUnit.SECONDS.toNanos(10));
    private @Nullable Channel server;

    /** A plain one, see the other constructor; port 0 means any free one. */
    public TcpListener(
            String name,
            InetSocketAddress address,
            EventLoops loops,
            ConnectionGate gate,
            Consumer<Channel> onConnection) {
        this(Address.plain(name, address), loops, gate, onConnection);
    }

    /**
     * A listener that does not listen yet.
     *
     * @param address where, and whether by TLS
     * @param onConnection adds the handlers of a new connection, behind those of TLS; called on the connection's event loop,
     *     after the handshake of TLS
     */
    public TcpListener(Address address, EventLoops loops, ConnectionGate gate, Consumer<Channel> onConnection) {
        this.name = address.name();
        this.wanted = address;
        this.loops = loops;
        this.gate = gate;
        this.onConnection = onConnection;
    }

    @Override
    public void start() {
        ChannelFuture bound = loops.server()
                .childHandler(new Welcome())
                .bind(wanted.address())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new StartException(name + ": cannot listen on " + NetUtil.toSocketAddressString(wanted.address())
                    + ": " + reason(bound.cause()));
        }
        server = bound.channel();
        // Behind Netty's own acceptor, which pauses for a second after a failure.
        bound.channel().pipeline().addLast(new AcceptFailures());
    }

    static String reason(@Nullable Throwable cause) {
        String message = cause == null || cause.getMessage() == null ? "unknown reason" : cause.getMessage();
        if (message.contains("in use")) {
            return "the port is in use by another program";
        }
        if (message.contains("ermission denied")) {
            return "permission denied (ports below 1024 need a privilege)";
        }
        if (message.contains("assign requested address")) {
            return "this machine does not have the address";
        }
        return message;
    }

    /** Where it listens, with the real port; only after {@link #start()}. */
    public InetSocketAddress address() {
        if (server == null || !(server.localAddress() instanceof InetSocketAddress bound)) {
            throw new IllegalStateException(name + ": not listening (expected: started)");
        }
        return bound;
    }

    /** The connections that are open now. */
    public ChannelGroup connections() {
        return connections;
    }

    /** Stops listening. Open connections stay: their protocol ends them. */
    @Override
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        if (server == null) {
            stopped.complete(null);
        } else {
            server.close().addListener(closed -> stopped.complete(null));
        }
        return stopped;
    }

    /** Admits accepted connections. */
    private final class Welcome extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            ConnectionGate.Admission admission = gate.admit(channel);
            String limit = admission.limit();
            if (admission.isRefused()) {
                channel.close();
                refusals.happened(
                        "limit_" + limit, String.valueOf(channel.remoteAddress()), "refused by listener " + name);
                return;
            }
            Channel displaced = admission.displaced();
            if (displaced != null) {
                String peer = String.valueOf(displaced.remoteAddress());
                displaced.close();
                refusals.happened("limit_" + limit, peer, "the oldest of the most unfinished handshakes is closed");
            }
            connections.add(channel);
            channel.pipeline().addFirst(LastBytes.INSTANCE);
            Security security = wanted.security();
            if (security == null) {
                onConnection.accept(channel);
            } else {
                security.install(channel, onConnection, this::unsecured);
            }
        }

        private void unsecured(Channel channel, Throwable cause) {
            String peer = String.valueOf(channel.remoteAddress());
            refusals.happened("tls_handshake_failed", peer, "listener " + name + ": " + cause.getMessage());
        }
    }

    /** Netty stops accepting for a second after a failure and then goes on by itself; this only logs the failure. */
    private final class AcceptFailures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            long times = failures.happened(System.nanoTime());
            if (times > 0) {
                LOG.warn("event=accept_failed listener={} cause=\"{}\" times={}", name, cause.getMessage(), times);
            }
        }
    }
}
