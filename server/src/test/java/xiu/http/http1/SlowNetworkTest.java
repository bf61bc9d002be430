package xiu.http.http1;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.http.server.HttpServer;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.IoEngine;
import xiu.transport.StartException;
import xiu.transport.TransportSettings;

/** Real sockets whose clients read slowly: with a receive buffer that is nearly always full, or not at all. */
@Timeout(60)
class SlowNetworkTest {
    private static final int BODY = 1_500_000;
    private static final int RECEIVE_BUFFER = 128 << 10;

    private final ByteBuf body =
            PooledByteBufAllocator.DEFAULT.directBuffer(BODY).setZero(0, BODY).writerIndex(BODY);
    private EventLoops loops;
    private HttpServer server;

    /** A tenth of the default, as the reader below is ten times as fast as one of 30 KB every two seconds. */
    private static final Duration GONE = Duration.ofSeconds(1);

    private void serve(IoEngine engine, Duration stall, Duration longest) {
        ConnectionLimits limits = ConnectionLimits.defaults();
        try {
            loops = EventLoops.open(new TransportSettings(engine, 1, 128 << 10, GONE, limits));
        } catch (StartException unavailable) {
            Assumptions.abort("no " + engine + " here");
        }
        HttpReply large = HttpReply.status(OK).body(body);
        server = new HttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                loops,
                new ConnectionGate(limits),
                new HttpSettings(
                        512,
                        1024,
                        0,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        stall,
                        longest),
                new HttpRouter(List.of(HttpRoute.get("/large", exchange -> exchange.answer(large)))));
        server.start();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            assertThat(server.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
            assertThat(loops.shutdown().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
            assertThat(loops.slowReaders().size()).isZero();
        }
        assertThat(body.refCnt()).isEqualTo(1);
        body.release();
    }

    private Socket ask() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.connect(server.address());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Reads so many bytes each so many milliseconds; returns how many there were until the connection ended. */
    private static int read(Socket socket, int bytes, int millis) throws IOException {
        InputStream in = socket.getInputStream();
        int got = 0;
        try {
            while (got < BODY) {
                int more = in.readNBytes(bytes).length;
                if (more == 0) {
                    return got;
                }
                got += more;
                LockSupport.parkNanos(millis * 1_000_000L);
            }
        } catch (SocketException reset) {
            return got;
        }
        return got;
    }

    /** Whether the kernel, too, has let go of what it held for the client, which has not closed. */
    private boolean isForgotten(Socket client) throws IOException {
        String server = String.format(":%04X ", this.server.address().getPort());
        String peer = String.format(":%04X ", client.getLocalPort());
        for (Path table : List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"))) {
            if (Files.exists(table)
                    && Files.readAllLines(table).stream()
                            .anyMatch(line -> line.contains(server) && line.indexOf(peer) > line.indexOf(server))) {
                return false;
            }
        }
        return true;
    }

    /** With the kernel's timeout it was reset in the middle: its window never has room for the next piece. */
    @ParameterizedTest
    @EnumSource(IoEngine.class)
    void whoReadsALittleEverySoOftenGetsAll(IoEngine engine) throws IOException {
        serve(engine, Duration.ofSeconds(3), Duration.ofHours(1));
        try (Socket socket = ask()) {
            assertThat(read(socket, 30_000, 200)).isGreaterThanOrEqualTo(BODY);
        }
    }

    @ParameterizedTest
    @EnumSource(IoEngine.class)
    void whoReadsNothingIsClosedInTime(IoEngine engine) throws IOException {
        serve(engine, Duration.ofSeconds(1), Duration.ofHours(1));
        try (Socket socket = ask()) {
            await().until(() -> body.refCnt() > 1);
            await().until(() -> body.refCnt() == 1);
            await().until(() -> isForgotten(socket));
            assertThat(read(socket, 30_000, 0)).isLessThan(BODY);
        }
    }

    @ParameterizedTest
    @EnumSource(IoEngine.class)
    void whoReadsAByteNowAndThenIsClosedAtTheLongestTime(IoEngine engine) throws IOException {
        serve(engine, Duration.ofHours(1), Duration.ofSeconds(3));
        try (Socket socket = ask()) {
            await().until(() -> body.refCnt() > 1);
            Thread reader = Thread.startVirtualThread(() -> {
                try {
                    read(socket, 1, 500);
                } catch (IOException closed) {
                    // Which the test waits for.
                }
            });
            await().until(() -> body.refCnt() == 1);
            assertThat(reader.isAlive() || loops.slowReaders().size() == 0).isTrue();
        }
    }
}
