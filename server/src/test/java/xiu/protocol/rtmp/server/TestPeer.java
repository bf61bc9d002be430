package xiu.protocol.rtmp.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.login.LoginDialogue;
import xiu.protocol.rtmp.server.session.SessionContext;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.RtmpMessage;
import xiu.protocol.rtmp.wire.RtmpMessage.Audio;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.protocol.rtmp.wire.RtmpMessage.Video;
import xiu.stream.AccessPolicy;
import xiu.stream.Peer;
import xiu.stream.StreamHub;
import xiu.stream.settings.StreamSettings;
import xiu.stream.settings.StreamSettings.OnConflict;
import xiu.transport.trouble.RareLines;

/** A client and the server's session for it, wired to each other without a network. Keeps what the client hears. */
public final class TestPeer implements RtmpLink.Owner {
    public static final AmfValue NULL = AmfValue.Nothing.NULL;

    private static final List<TestPeer> OPEN = new ArrayList<>();

    private static int count;

    public final List<String> heard = new ArrayList<>();
    public final List<RtmpCommand> commands = new ArrayList<>();
    public final EmbeddedChannel server;
    final EmbeddedChannel client;
    final RtmpServerSession session;
    final RtmpLink sessionLink;
    private final RareLines troubles = new RareLines(LoggerFactory.getLogger(TestPeer.class));
    int ends;
    /** Apart from those that tests choose: a server answers each only once. */
    private int transactions = 100;

    private @Nullable RtmpLink link;

    public TestPeer(StreamHub hub) {
        this(hub, RtmpLimits.defaults());
    }

    TestPeer(StreamHub hub, RtmpLimits limits) {
        this(hub, limits, ByteBufAllocator.DEFAULT, null);
    }

    /** A peer of a server that asks for a login. */
    TestPeer(StreamHub hub, LoginDialogue login) {
        this(hub, RtmpLimits.defaults(), ByteBufAllocator.DEFAULT, login);
    }

    /** A peer of a server that takes its memory from {@code memory}. */
    TestPeer(StreamHub hub, RtmpLimits limits, ByteBufAllocator memory) {
        this(hub, limits, memory, null);
    }

    private TestPeer(StreamHub hub, RtmpLimits limits, ByteBufAllocator memory, @Nullable LoginDialogue login) {
        Peer peer = new Peer("test-" + ++count, "rtmp", null, 0);
        session = new RtmpServerSession(
                new SessionContext("node-1", hub, troubles, peer, limits, login), ended -> ends++);
        client = new EmbeddedChannel(new RtmpLink(limits.chunks(), this));
        server = new EmbeddedChannel();
        // Before the link is there, which asks for it once.
        server.config().setAllocator(memory);
        sessionLink = new RtmpLink(limits.chunks(), session);
        server.pipeline().addLast(sessionLink);
        OPEN.add(this);
        pump();
    }

    /** Closes every peer of the test, also when it failed half way. */
    public static void closeAll() {
        OPEN.forEach(TestPeer::close);
        OPEN.clear();
    }

    /** A hub in which no stream outlives its publisher, and whoever comes last gets the name. */
    public static StreamHub hub(ScheduledExecutorService timer) {
        StreamSettings defaults = StreamSettings.defaults();
        return new StreamHub(
                new StreamSettings(
                        OnConflict.TAKEOVER,
                        Duration.ZERO,
                        Duration.ofSeconds(4),
                        defaults.latency(),
                        List.of(),
                        1,
                        defaults.limits()),
                AccessPolicy.OPEN,
                timer);
    }

    RtmpLink link() {
        return Objects.requireNonNull(link);
    }

    @Override
    public void onOpen(RtmpLink opened) {
        link = opened;
    }

    @Override
    public void onMessage(RtmpMessage message) {
        switch (message) {
            case RtmpMessage.Command command -> {
                RtmpCommand parsed = RtmpCommand.parse(command.values());
                commands.add(parsed);
                heard.add(text(command.messageStreamId(), parsed));
            }
            case UserControl control -> heard.add("control " + control.event() + "/" + control.value());
            case Media media -> {
                heard.add(media.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT)
                        + "/" + media.messageStreamId() + "@" + media.timestamp() + " "
                        + ByteBufUtil.hexDump(media.body()));
                media.body().release();
            }
            default -> heard.add(message.toString());
        }
    }

    private static String text(int id, RtmpCommand command) {
        return switch (command) {
            case RtmpCommand.Status status -> "status/" + id + " " + status.code();
            case RtmpCommand.Reply reply ->
                (reply.failed() ? "error " : "result ") + (int) reply.transaction() + " "
                        + (reply.value() instanceof AmfValue.Number number
                                ? Double.toString(number.value())
                                : reply.information().text("code").orElse("-"));
            case RtmpCommand.Unknown unknown -> unknown.name();
            default -> command.toString();
        };
    }

    @Override
    public void onClosed() {
        heard.add("closed");
    }

    @Override
    public void onFault(Throwable fault) {
        throw new AssertionError(fault);
    }

    /** Carries bytes both ways and runs what waits, until nothing moves. */
    public TestPeer pump() {
        boolean moved = true;
        while (moved) {
            server.runPendingTasks();
            client.runPendingTasks();
            moved = pass(client, server) | pass(server, client);
        }
        if (!server.isActive() && client.isActive()) {
            client.close();
            client.runPendingTasks();
        }
        return this;
    }

    private static boolean pass(EmbeddedChannel from, EmbeddedChannel to) {
        boolean moved = false;
        for (ByteBuf part = from.readOutbound(); part != null; part = from.readOutbound()) {
            moved = true;
            if (to.isActive()) {
                to.writeInbound(part);
            } else {
                part.release();
            }
        }
        return moved;
    }

    /** Sends a command and returns what is heard thereupon. */
    public List<String> call(int id, String name, double transaction, AmfValue... arguments) {
        heard.clear();
        link().command(id, name, transaction, arguments);
        link().flush();
        pump();
        return List.copyOf(heard);
    }

    public TestPeer connect(String app) {
        call(0, "connect", 1, AmfValue.fields().put("app", app).object());
        return this;
    }

    int createStream() {
        call(0, "createStream", ++transactions, NULL);
        return (int) ((AmfValue.Number) ((RtmpCommand.Reply) commands.getLast()).value()).value();
    }

    List<String> publish(int id, String name) {
        return call(id, "publish", 0, NULL, AmfValue.of(name), AmfValue.of("live"));
    }

    List<String> play(int id, String name) {
        return call(id, "play", 0, NULL, AmfValue.of(name));
    }

    public static TestPeer publisher(StreamHub hub, String name) {
        TestPeer peer = new TestPeer(hub).connect("live");
        peer.publish(peer.createStream(), name);
        return peer;
    }

    public static TestPeer player(StreamHub hub, String name) {
        TestPeer peer = new TestPeer(hub).connect("live");
        peer.play(peer.createStream(), name);
        return peer;
    }

    /** An AAC frame. */
    public void audio(int timestamp, String hex) {
        send(new Audio(1, timestamp, bytes("af01" + hex)));
    }

    /** An H.263 key frame, which needs no sequence header. */
    public void keyFrame(int timestamp, String hex) {
        send(new Video(1, timestamp, bytes("12" + hex)));
    }

    public void send(Media media) {
        link().write(media);
        media.body().release();
        link().flush();
        pump();
    }

    public static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    /** How often this has happened to the server. */
    long troubles(String event) {
        return troubles.count(event);
    }

    /** Lets time go by for the session. */
    public void pass(long seconds) {
        for (long i = 0; i < seconds; i++) {
            server.advanceTimeBy(1, TimeUnit.SECONDS);
            server.runScheduledPendingTasks();
            pump();
        }
    }

    public void close() {
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }
}
