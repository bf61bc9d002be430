package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpListenerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private EventLoops loops = EventLoops.open(settings(IoEngine.AUTO));

    private static TransportSettings settings(IoEngine engine) {
        return new TransportSettings(engine, 2, 128 * 1024, Duration.ofSeconds(10), ConnectionLimits.defaults());
    }

    @AfterEach
    void stopLoops() {
        assertThat(loops.shutdown().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
    }

    private TcpListener listener(ConnectionLimits limits) {
        return listener(ANY_PORT, new ConnectionGate(limits));
    }

    private TcpListener listener(InetSocketAddress address, ConnectionGate gate) {
        return new TcpListener("test", address, loops, gate, channel -> {
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {42}));
            accepted.add(channel);
        });
    }

    private Channel nextAccepted() throws InterruptedException {
        Channel channel = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(channel).isNotNull();
        return channel;
    }

    private static Socket dial(TcpListener listener) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", listener.address().getPort()), 10_000);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static boolean isServed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == 42;
        } catch (SocketException reset) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(IoEngine.class)
    void everyEngineServesAndReportsItsChoice(IoEngine engine) throws Exception {
        stopLoops();
        try {
            loops = EventLoops.open(settings(engine));
        } catch (StartException unavailable) {
            // io_uring is switched off on many machines; then the message must say so.
            assertThat(engine).isEqualTo(IoEngine.IO_URING);
            assertThat(unavailable).hasMessageContaining("IO_URING").hasMessageContaining("auto");
            loops = EventLoops.open(settings(IoEngine.AUTO));
            return;
        }
        assertThat(loops.engine())
                .isEqualTo(engine != IoEngine.AUTO ? engine : Epoll.isAvailable() ? IoEngine.EPOLL : IoEngine.NIO);
        TcpListener listener = listener(ConnectionLimits.defaults());
        listener.start();
        try (Socket socket = dial(listener)) {
            assertThat(isServed(socket)).isTrue();
            Channel channel = nextAccepted();
            assertThat(channel.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
            assertThat(channel.config().getOption(ChannelOption.SO_SNDBUF)).isGreaterThanOrEqualTo(128 * 1024);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void theWildcardTakesBothFamilies(String host) throws Exception {
        TcpListener listener = listener(BindAddress.ANY.withPort(0), new ConnectionGate(ConnectionLimits.defaults()));
        listener.start();
        try (Socket socket = new Socket(host, listener.address().getPort())) {
            assertThat(isServed(socket)).isTrue();
        }
    }

    @Test
    void aPortInUseIsOneClearMessage() throws Exception {
        TcpListener first = listener(ConnectionLimits.defaults());
        first.start();
        int port = first.address().getPort();
        TcpListener second = listener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                new ConnectionGate(ConnectionLimits.defaults()));
        assertThatThrownBy(second::start)
                .isInstanceOf(StartException.class)
                .hasMessage("test: cannot listen on 127.0.0.1:" + port + ": the port is in use by another program");
    }

    /** By each engine's own words; whether a test may bind a low port depends on the machine. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Permission denied | permission denied (ports below 1024 need a privilege)",
                "bind(..) failed with error(-13): Permission denied | permission denied (ports below 1024 need a privilege)",
                "Address already in use | the port is in use by another program",
                "Cannot assign requested address | this machine does not have the address",
                "something else | something else",
            })
    void whyItCannotListenIsSaidInWords(String message, String words) {
        assertThat(TcpListener.reason(new SocketException(message))).isEqualTo(words);
        assertThat(TcpListener.reason(new SocketException())).isEqualTo("unknown reason");
    }

    @Test
    void aForeignAddressIsOneClearMessage() {
        TcpListener listener =
                listener(new InetSocketAddress("192.0.2.1", 4711), new ConnectionGate(ConnectionLimits.defaults()));
        assertThatThrownBy(listener::start)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("192.0.2.1:4711: this machine does not have the address");
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAndAFreePlaceIsGivenAgain() throws Exception {
        TcpListener listener = listener(new ConnectionLimits(1, 10, 10, 10, Duration.ofSeconds(10)));
        listener.start();
        try (Socket first = dial(listener)) {
            assertThat(isServed(first)).isTrue();
            try (Socket second = dial(listener)) {
                assertThat(isServed(second)).isFalse();
            }
        }
        nextAccepted().closeFuture().sync();
        await().until(() -> {
            try (Socket third = dial(listener)) {
                return isServed(third);
            }
        });
    }

    @Test
    void oneAddressCannotTakeAllPlaces() throws Exception {
        ConnectionGate gate = new ConnectionGate(new ConnectionLimits(10, 1, 10, 10, Duration.ofSeconds(10)));
        TcpListener listener = listener(ANY_PORT, gate);
        listener.start();
        try (Socket first = dial(listener)) {
            assertThat(isServed(first)).isTrue();
            try (Socket second = dial(listener)) {
                assertThat(isServed(second)).isFalse();
            }
            // Who was refused holds no place of any kind.
            assertThat(gate.connections()).isEqualTo(1);
            assertThat(gate.handshakes()).isEqualTo(1);
        }
        nextAccepted().closeFuture().sync();
        await().untilAsserted(() -> assertThat(gate.addresses()).isZero());
        try (Socket third = dial(listener)) {
            assertThat(isServed(third)).isTrue();
        }
    }

    @Test
    void anEstablishedConnectionMakesPlaceForAHandshake() throws Exception {
        ConnectionGate gate = new ConnectionGate(new ConnectionLimits(10, 10, 1, 1, Duration.ofSeconds(10)));
        TcpListener listener = listener(ANY_PORT, gate);
        listener.start();
        try (Socket first = dial(listener)) {
            assertThat(isServed(first)).isTrue();
            Channel channel = nextAccepted();
            gate.established(channel);
            gate.established(channel);
            assertThat(gate.handshakes()).isZero();
            try (Socket second = dial(listener)) {
                assertThat(isServed(second)).isTrue();
                assertThat(gate.handshakes()).isEqualTo(1);
                assertThat(gate.connections()).isEqualTo(2);
                assertThat(gate.displaced()).isZero();
            }
            assertThat(channel.isOpen()).isTrue();
        }
        await().untilAsserted(() -> {
            assertThat(gate.connections()).isZero();
            assertThat(gate.handshakes()).isZero();
        });
    }

    @Test
    void theOldestUnfinishedHandshakeMakesPlaceForANewConnection() throws Exception {
        ConnectionGate gate = new ConnectionGate(new ConnectionLimits(10, 10, 1, 1, Duration.ofSeconds(10)));
        TcpListener listener = listener(ANY_PORT, gate);
        listener.start();
        try (Socket first = dial(listener)) {
            assertThat(isServed(first)).isTrue();
            try (Socket second = dial(listener)) {
                assertThat(isServed(second)).isTrue();
                assertThat(first.getInputStream().read()).isEqualTo(-1);
                assertThat(gate.displaced()).isEqualTo(1);
                assertThat(gate.refused()).isZero();
            }
        }
        await().untilAsserted(() -> assertThat(gate.connections()).isZero());
    }

    @Test
    void aStoppedListenerTakesNobodyAndKeepsWhomItHas() throws Exception {
        TcpListener listener = listener(ConnectionLimits.defaults());
        listener.start();
        int port = listener.address().getPort();
        try (Socket socket = dial(listener)) {
            assertThat(isServed(socket)).isTrue();
            assertThat(listener.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
            assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(IOException.class);
            nextAccepted()
                    .writeAndFlush(Unpooled.wrappedBuffer(new byte[] {42}))
                    .addListener(ChannelFutureListener.CLOSE);
            assertThat(isServed(socket)).isTrue();
        }
    }

    @Test
    void aFailingAcceptDoesNotEndTheListener() throws Exception {
        TcpListener listener = listener(ConnectionLimits.defaults());
        listener.start();
        try (Socket before = dial(listener)) {
            assertThat(isServed(before)).isTrue();
            Channel server = nextAccepted().parent();
            server.pipeline().fireExceptionCaught(new IOException("Too many open files"));
            await().until(() -> !server.config().isAutoRead());
            try (Socket after = dial(listener)) {
                assertThat(isServed(after)).isTrue();
            }
        }
    }
}
