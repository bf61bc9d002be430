package xiu.protocol.rtmp.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.protocol.rtmp.login.LoginDialogue;
import xiu.protocol.rtmp.wire.HandshakeHandler;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.settings.Live;
import xiu.stream.Peer;
import xiu.stream.StreamHub;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.Service;
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
    private final TcpListener listener;

    private final Set<RtmpServerSession> sessions = ConcurrentHashMap.newKeySet();

    /**
     * The network of a server.
     *
     * @param unfinished memory for the unfinished messages of all connections
     */
    public record Network(
            EventLoops loops, ConnectionGate gate, Live<ConnectionLimits> limits, MessageMemory unfinished) {}

    /**
     * A server that does not listen yet.
     *
     * @param settings a session keeps the limits and the login of its beginning; the address is read once
     * @param nodeId this server's id among relays, by which they find loops
     */
    public RtmpServer(Live<RtmpSettings> settings, String nodeId, StreamHub hub, Network network) {
        this.settings = settings;
        this.nodeId = nodeId;
        this.hub = hub;
        this.network = network;
        this.listener =
                new TcpListener("rtmp", settings.now().listen(), network.loops(), network.gate(), this::welcome);
    }

    @Override
    public void start() {
        listener.start();
    }

    /** Where it listens, with the real port; only after {@link #start()}. */
    public InetSocketAddress address() {
        return listener.address();
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
        return listener.stop().thenCompose(closed -> drain());
    }

    private CompletionStage<Void> drain() {
        sessions.forEach(RtmpServerSession::stop);
        CompletableFuture<Void> drained = new CompletableFuture<>();
        var late = network.loops()
                .workers()
                .schedule(() -> listener.connections().close(), STOP_SECONDS, TimeUnit.SECONDS);
        listener.connections().newCloseFuture().addListener(gone -> {
            late.cancel(false);
            drained.complete(null);
        });
        return drained;
    }
}
