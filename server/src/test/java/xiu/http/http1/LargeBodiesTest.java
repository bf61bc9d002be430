package xiu.http.http1;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.http.server.HttpServer;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.IoEngine;
import xiu.transport.TransportSettings;

/** Bodies that no kernel takes at once, over real sockets of each engine. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class LargeBodiesTest {
    /** More than two kernels' buffers hold. */
    private static final int SIZE = 20_000_000;

    private final byte[] bytes = new byte[SIZE];
    private final BlockingQueue<Channel> asking = new LinkedBlockingQueue<>();
    private EventLoops loops;
    private HttpServer server;
    private ByteBuf body;

    private void start(IoEngine engine) {
        TransportSettings usual = TransportSettings.defaults();
        loops = EventLoops.open(
                new TransportSettings(engine, 1, usual.sendBuffer(), usual.userTimeout(), usual.limits()));
        new Random(1).nextBytes(bytes);
        body = PooledByteBufAllocator.DEFAULT.directBuffer(SIZE).writeBytes(bytes);
        HttpReply reply = HttpReply.status(OK).etag("1").ranges().body(body);
        HttpRoute route = HttpRoute.get("/body", exchange -> {
            Channel channel = ((Http1Exchange) exchange).channel();
            asking.add(channel);
            exchange.answer(reply);
        });
        server = new HttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                loops,
                new ConnectionGate(ConnectionLimits.defaults()),
                EmbeddedClient.SETTINGS,
                new HttpRouter(List.of(route)));
        server.start();
    }

    @AfterEach
    void nothingIsLeft() {
        body.release();
        assertThat(server.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(loops.shutdown().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
    }

    private Socket dial() throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void ask(Socket client, String method, String version, String... lines) throws IOException {
        String text = method + " /body " + version + "\r\nHost: a\r\n" + String.join("", lines) + "\r\n";
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String head(InputStream from) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = from.read();
            assertThat(next).as("the head goes on").isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    @ParameterizedTest
    @EnumSource(
            value = IoEngine.class,
            names = {"EPOLL", "IO_URING", "NIO"})
    void everyEngineSendsTheSame(IoEngine engine) throws Exception {
        start(engine);
        try (Socket client = dial()) {
            InputStream in = client.getInputStream();
            for (int i = 0; i < 2; i++) {
                ask(client, "GET", "HTTP/1.1");
                assertThat(head(in)).startsWith("HTTP/1.1 200 ").contains("Content-Length: " + SIZE);
                assertThat(Arrays.equals(in.readNBytes(SIZE), bytes)).isTrue();
            }
            ask(client, "HEAD", "HTTP/1.1");
            assertThat(head(in)).startsWith("HTTP/1.1 200 ").contains("Content-Length: " + SIZE);
            ask(client, "GET", "HTTP/1.1", "If-None-Match: \"1\"\r\n");
            assertThat(head(in)).startsWith("HTTP/1.1 304 ");
            ask(client, "GET", "HTTP/1.1", "Range: bytes=5000000-5999999\r\n");
            assertThat(head(in)).startsWith("HTTP/1.1 206 ").contains("Content-Length: 1000000");
            byte[] part = in.readNBytes(1_000_000);
            assertThat(Arrays.equals(part, Arrays.copyOfRange(bytes, 5_000_000, 6_000_000)))
                    .isTrue();
            ask(client, "GET", "HTTP/1.1", "Range: bytes=100-199\r\n");
            assertThat(head(in)).startsWith("HTTP/1.1 206 ");
            assertThat(in.readNBytes(100)).isEqualTo(Arrays.copyOfRange(bytes, 100, 200));
            ask(client, "GET", "HTTP/1.0");
            assertThat(head(in)).startsWith("HTTP/1.1 200 ").contains("Connection: close");
            assertThat(Arrays.equals(in.readAllBytes(), bytes)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = IoEngine.class,
            names = {"EPOLL", "NIO"})
    void whoGoesInTheMiddleLeavesNothingBehind(IoEngine engine) throws Exception {
        start(engine);
        try (Socket client = dial()) {
            ask(client, "GET", "HTTP/1.1");
            client.getInputStream().readNBytes(100_000);
            assertThat(body.refCnt()).isEqualTo(2);
        }
        Channel left = asking.take();
        await().until(() -> !left.isOpen());
        await().until(() -> body.refCnt() == 1);
    }

    /** What is on its way is sent to its end, also when nobody else has the body any more. */
    @ParameterizedTest
    @EnumSource(
            value = IoEngine.class,
            names = {"EPOLL", "NIO"})
    void whatIsOnItsWayOutlivesItsMaker(IoEngine engine) throws Exception {
        start(engine);
        try (Socket client = dial()) {
            ask(client, "GET", "HTTP/1.1", "Connection: close\r\n");
            InputStream in = client.getInputStream();
            head(in);
            asking.take();
            body.release();
            assertThat(body.refCnt()).isEqualTo(1);
            assertThat(ByteBufUtil.equals(Unpooled.wrappedBuffer(in.readAllBytes()), Unpooled.wrappedBuffer(bytes)))
                    .isTrue();
        }
        await().until(() -> body.refCnt() == 0);
        body = Unpooled.buffer(1);
    }
}
