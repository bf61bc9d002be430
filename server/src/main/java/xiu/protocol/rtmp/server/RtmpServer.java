package xiu.protocol.rtmp.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.protocol.rtmp.login.LoginDialogue;
import xiu.protocol.rtmp.server.session.SessionContext;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.handshake.HandshakeHandler;
import xiu.settings.Live;
import xiu.stream.Peer;
import xiu.stream.StreamHub;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.Service;
import xiu.transport.StartException;
import xiu.transport.TcpListener;
import xiu.transport.receive.SharedReceiveBuffer;
import xiu.transport.trouble.RareLines;

/** Listens for RTMP publishers and players. Start and stop on any thread. */
public final class RtmpServer implements Service {
    private static final int STOP_SECONDS = 3;
    private static final AtomicLong SESSIONS = new AtomicLong();

    private final Live<RtmpSettings> settings;
    private final String nodeId;
    private final StreamHub hub;
    private final RareLines troubles = new RareLines(LoggerFactory.getLogger(RtmpServer.class));
    private final LoginDialogue login = new LoginDialogue(System::nanoTime);
    private final Network network;
    private final List<TcpListener> listeners;

    private final Set<RtmpServerSession> sessions = ConcurrentHashMap.newKeySet();

    /**
     * The network of a server.
     *
     * @param unfinished memory for the unfinished messages of all connections
     */
    public record Network(
            EventLoops loops, ConnectionGate gate, Live<ConnectionLimits> limits, MessageMemory unfinished) {}

    /** A plain server that does not listen yet, on the address of the settings; see the other constructor. */
    public RtmpServer(Live<RtmpSettings> settings, String nodeId, StreamHub hub, Network network) {
        this(List.of(TcpListener.Address.plain("rtmp", settings.now().listen())), settings, nodeId, hub, network);
    }

    /**
     * A server that does not listen yet.
     *
     * @param settings a session keeps the limits and the login of its beginning
     * @param nodeId this server's id among relays, by which they find loops
     */
    public RtmpServer(
            List<TcpListener.Address> addresses,
            Live<RtmpSettings> settings,
            String nodeId,
            StreamHub hub,
            Network network) {
        this.settings = settings;
        this.nodeId = nodeId;
        this.hub = hub;
        this.network = network;
        this.listeners = addresses.stream()
                .map(address -> new TcpListener(address, network.loops(), network.gate(), this::welcome))
                .toList();
    }

    @Override
    public void start() {
        try {
            listeners.forEach(TcpListener::start);
        } catch (StartException e) {
            listeners.forEach(TcpListener::stop);
            throw e;
        }
    }

    /** The first of {@link #addresses()}. */
    public InetSocketAddress address() {
        return listeners.getFirst().address();
    }

    /** Where it listens, with the real ports, in the order in which they were given; only after {@link #start()}. */
    public List<InetSocketAddress> addresses() {
        return listeners.stream().map(TcpListener::address).toList();
    }

    private void welcome(Channel channel) {
        SharedReceiveBuffer.use(channel);
        channel.pipeline()
                .addLast(new HandshakeHandler(network.limits().now().handshakeTimeout(), this::greeted, this::late));
    }

    private void late(ChannelHandlerContext context) {
        String peer = String.valueOf(context.channel().remoteAddress());
        troubles.happened("limit_handshake_timeout", peer, "still in handshake");
    }

    private void greeted(ChannelHandlerContext context) {
        Channel channel = context.channel();
        network.gate().established(channel);
        RtmpSettings now = settings.now();
        RtmpLimits limits = now.limits();
        LoginDialogue asks = now.login().challenge() ? login : null;
        RtmpServerSession session = new RtmpServerSession(
                new SessionContext(nodeId, hub, troubles, peer(channel), limits, asks), sessions::remove);
        sessions.add(session);
        channel.pipeline().addLast(new RtmpLink(limits.chunks().sharing(network.unfinished()), session));
    }

    private static Peer peer(Channel channel) {
        String id = "rtmp-" + SESSIONS.incrementAndGet();
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? new Peer(id, "rtmp", remote.getAddress(), remote.getPort())
                : new Peer(id, "rtmp", null, 0);
    }

    /** Stops listening and ends all sessions; connections that are still open after three seconds are closed. */
    @Override
    public CompletionStage<Void> stop() {
        return all(listeners.stream().map(TcpListener::stop)).thenCompose(closed -> drain());
    }

    private CompletionStage<Void> drain() {
        sessions.forEach(RtmpServerSession::stop);
        var late = network.loops()
                .workers()
                .schedule(
                        () -> listeners.forEach(
                                listener -> listener.connections().close()),
                        STOP_SECONDS,
                        TimeUnit.SECONDS);
        return all(listeners.stream().map(RtmpServer::gone)).thenRun(() -> late.cancel(false));
    }

    private static CompletionStage<Void> gone(TcpListener listener) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        listener.connections().newCloseFuture().addListener(done -> gone.complete(null));
        return gone;
    }

    private static CompletableFuture<Void> all(Stream<CompletionStage<Void>> stages) {
        return CompletableFuture.allOf(
                stages.map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
    }
}
