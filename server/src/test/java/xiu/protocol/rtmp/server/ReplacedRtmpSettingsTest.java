package xiu.protocol.rtmp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.StreamHub;
import xiu.stream.settings.StreamSettings;
import xiu.transport.BindAddress;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.TransportSettings;

/** What a running server makes of settings that are replaced. */
class ReplacedRtmpSettingsTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final TransportSettings transport = TransportSettings.defaults();
    private final EventLoops loops = EventLoops.open(transport);
    private final Live<RtmpSettings> settings = Live.of(RtmpSettings.defaults().at(BindAddress.parse("127.0.0.1"), 0));
    private final Live<ConnectionLimits> connections = Live.of(transport.limits());
    private final ConnectionGate gate = new ConnectionGate(connections);
    private final RtmpServer server = new RtmpServer(
            settings,
            "node",
            new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, timer),
            new RtmpServer.Network(loops, gate, connections, new MessageMemory(Long.MAX_VALUE)));

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        loops.shutdown().toCompletableFuture().get(10, TimeUnit.SECONDS);
        timer.shutdownNow();
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.address().getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** A Ping Request (RTMP 1.0 §7.1.7) on chunk stream 2; the answer has as many bytes. */
    private static final byte[] PING = {2, 0, 0, 0, 0, 0, 6, 4, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0};

    /** Somebody whose session has begun, as the answer to a ping shows, and who asks for nothing. */
    private Socket greeted() throws IOException {
        Socket socket = connected();
        byte[] greeting = greeting();
        socket.getOutputStream().write(greeting);
        assertThat(socket.getInputStream().readNBytes(greeting.length)).hasSize(greeting.length);
        socket.getOutputStream().write(PING);
        assertThat(socket.getInputStream().readNBytes(PING.length)).hasSize(PING.length);
        return socket;
    }

    /** C0, C1 and C2 (RTMP 1.0 §5.2). */
    private static byte[] greeting() {
        byte[] greeting = new byte[1 + 1536 + 1536];
        greeting[0] = 3;
        return greeting;
    }

    private static void assertIsOpen(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void aReplacedLimitCountsForSessionsToCome() throws Exception {
        try (Socket before = greeted()) {
            RtmpSettings now = settings.now();
            RtmpLimits limits = now.limits();
            settings.set(now.with(new RtmpLimits(
                    limits.chunkSize(),
                    limits.mediaBytes(),
                    limits.commandBytes(),
                    limits.chunkStreams(),
                    limits.messageStreams(),
                    Duration.ofMillis(200),
                    limits.amfDepth(),
                    limits.amfBytes(),
                    limits.amfStringBytes(),
                    limits.messageTimeout(),
                    limits.unfinishedBytes())));
            try (Socket after = connected()) {
                after.getOutputStream().write(greeting());
                // However much of the greeting it got before: there is an end.
                assertThat(after.getInputStream().readAllBytes().length).isLessThanOrEqualTo(1 + 1536 + 1536);
            }
            assertIsOpen(before);
        }
    }

    @Test
    void theNextConnectionHasTheNewTimeForItsHandshake() throws Exception {
        try (Socket before = connected()) {
            await().until(() -> gate.connections() == 1);
            ConnectionLimits now = connections.now();
            connections.set(new ConnectionLimits(
                    now.connections(),
                    now.connectionsPerAddress(),
                    now.handshakes(),
                    now.handshakesPerAddress(),
                    Duration.ofMillis(200)));
            try (Socket after = connected()) {
                assertThat(after.getInputStream().read()).isNegative();
            }
            assertIsOpen(before);
        }
    }
}
