package xiu.http.http1;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import xiu.http.HttpExchange;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.http.server.HttpServer;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.StartException;
import xiu.transport.TransportSettings;

/** What only real sockets show. */
@Timeout(60)
class HttpServerTest {
    private static final int LARGE = 3_000_000;
    private static final String GET_HELLO = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

    private final BlockingQueue<HttpExchange> held = new LinkedBlockingQueue<>();
    private final ByteBuf segment = PooledByteBufAllocator.DEFAULT.directBuffer(LARGE);
    private final HttpReply hello = HttpReply.status(OK).text("hello");
    private final EventLoops loops = EventLoops.open(TransportSettings.defaults());
    private final ConnectionGate gate = new ConnectionGate(ConnectionLimits.defaults());
    private final HttpServer server = server(0);

    private HttpServer server(int port) {
        HttpReply large =
                HttpReply.status(OK).ranges().body(segment.setZero(0, LARGE).writerIndex(LARGE));
        return new HttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                loops,
                gate,
                new HttpSettings(
                        512,
                        1024,
                        1000,
                        // Long enough for a test's thread that has dialled and does not get a processor at once.
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(30),
                        Duration.ofHours(1)),
                new HttpRouter(List.of(
                        HttpRoute.get("/hello", exchange -> exchange.answer(hello)),
                        HttpRoute.get("/large", exchange -> exchange.answer(large)),
                        HttpRoute.get("/hold", held::add))));
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        assertThat(server.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(loops.shutdown().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(gate.connections()).isZero();
        assertThat(segment.refCnt()).isEqualTo(1);
        segment.release();
    }

    private Socket dial() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void manyClientsGetLargeBodiesAtOnce() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + server.address().getPort() + "/large"))
                    .build();
            List<CompletableFuture<HttpResponse<byte[]>>> responses = IntStream.range(0, 20)
                    .mapToObj(i -> client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()))
                    .toList();
            responses.forEach(response -> assertThat(response)
                    .succeedsWithin(Duration.ofSeconds(30))
                    .satisfies(got -> assertThat(got.body()).hasSize(LARGE)));
        }
    }

    @Test
    void requestsForLargeBodiesSentAheadAreAllAnswered() throws Exception {
        try (Socket socket = dial()) {
            send(
                    socket,
                    "GET /large HTTP/1.1\r\nHost: a\r\n\r\n".repeat(10)
                            + GET_HELLO.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            String all = readAll(socket);
            assertThat(all.length()).isBetween(10 * LARGE, 10 * LARGE + 5_000);
            assertThat(all).endsWith("\r\n\r\nhello");
        }
    }

    @Test
    void aRefusalReachesAClientThatIsStillSending() throws Exception {
        try (Socket socket = dial()) {
            send(socket, "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n" + "x".repeat(2_000_000));
            assertThat(readAll(socket)).startsWith("HTTP/1.1 413 ").endsWith("\n");
        }
    }

    @Test
    void aRefusalEndsEvenIfTheClientNeverStops() throws Exception {
        try (Socket socket = dial()) {
            byte[] chunk = new byte[64 * 1024];
            send(socket, "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
            assertThatThrownBy(() -> {
                        while (true) {
                            socket.getOutputStream().write(chunk);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aDrippingClientIsClosedAndOthersAreServedMeanwhile() throws Exception {
        try (Socket slow = dial();
                Socket other = dial()) {
            send(slow, "GET /hello HT");
            send(other, GET_HELLO);
            assertThat(new String(other.getInputStream().readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
            assertThat(readAll(slow)).isEmpty();
            assertThat(readAll(other)).endsWith("hello");
        }
    }

    @Test
    void aClientThatLeavesAHeldRequestIsNoticed() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (Socket socket = dial()) {
            send(socket, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
            HttpExchange exchange = held.poll(20, TimeUnit.SECONDS);
            assertThat(exchange).isNotNull();
            exchange.loop()
                    .submit(() -> exchange.onAbandoned(() -> gone.complete(null)))
                    .sync();
            assertThat(gate.handshakes()).isZero();
        }
        assertThat(gone).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void aStoppingServerFinishesWhatItHasBegun() throws Exception {
        try (Socket idle = dial();
                Socket busy = dial()) {
            send(idle, GET_HELLO);
            send(busy, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
            HttpExchange exchange = held.poll(20, TimeUnit.SECONDS);
            assertThat(exchange).isNotNull();
            assertThat(new String(idle.getInputStream().readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
            CompletableFuture<Void> told = new CompletableFuture<>();
            ((Http1Exchange) exchange).channel().pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                @Override
                public void userEventTriggered(ChannelHandlerContext context, Object event) {
                    context.fireUserEventTriggered(event);
                    told.complete(null);
                }
            });
            CompletableFuture<Void> stopped = server.stop().toCompletableFuture();
            assertThat(readAll(idle)).endsWith("hello");
            assertThat(stopped).isNotDone();
            // Each connection is told by itself: that one has heard does not mean that the other has.
            assertThat(told).succeedsWithin(Duration.ofSeconds(10));
            exchange.answer(hello);
            assertThat(readAll(busy)).contains("Connection: close\r\n").endsWith("hello");
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void aPortInUseIsSaidSo() {
        assertThatThrownBy(() -> server(server.address().getPort()).start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining(
                        "http: cannot listen on 127.0.0.1:" + server.address().getPort());
    }

    @Test
    void aThousandSilentConnectionsAreClosedInTime() throws Exception {
        Socket[] sockets = new Socket[1000];
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] = dial();
        }
        await().until(() -> gate.connections() == 0);
        for (Socket socket : sockets) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            socket.close();
        }
    }
}
