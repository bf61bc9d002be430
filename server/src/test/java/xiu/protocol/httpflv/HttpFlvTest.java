package xiu.protocol.httpflv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufUtil;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.http.server.HttpServer;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessRequest;
import xiu.stream.EndReason;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.IoEngine;
import xiu.transport.TransportSettings;

/** The route, a real hub, real sockets. */
@Timeout(60)
class HttpFlvTest {
    private static final StreamKey KEY = new StreamKey("live", "test");
    private static final String FLV_HEADER = "464c5601" + "05" + "00000009" + "00000000";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<AccessRequest> asked = new ArrayList<>();
    private AccessPolicy policy = AccessPolicy.OPEN;
    private final StreamHub hub = new StreamHub(
            StreamSettings.defaults(),
            request -> {
                asked.add(request);
                return policy.check(request);
            },
            timer);
    private EventLoops loops = EventLoops.open(settings(IoEngine.AUTO));
    private HttpServer server = server();
    private final HttpClient client = HttpClient.newHttpClient();

    private static TransportSettings settings(IoEngine engine) {
        return new TransportSettings(engine, 2, 128 * 1024, Duration.ofSeconds(10), ConnectionLimits.defaults());
    }

    private HttpServer server() {
        return new HttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                loops,
                new ConnectionGate(ConnectionLimits.defaults()),
                HttpSettings.defaults(),
                new HttpRouter(List.of(HttpFlvRoute.of(hub))));
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        client.close();
        hub.stop();
        assertThat(server.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(loops.shutdown().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        timer.shutdownNow();
    }

    private URI uri(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + server.address().getPort() + path);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri("http", path)).timeout(Duration.ofSeconds(20));
    }

    private static String hex(byte[] bytes) {
        return ByteBufUtil.hexDump(bytes);
    }

    /** An FLV tag and its PreviousTagSize, in hexadecimal. */
    private static String tag(int type, int millis, String body) {
        int size = body.length() / 2;
        return "%02x%06x%06x%02x000000%s%08x".formatted(type, size, millis & 0xffffff, millis >>> 24, body, size + 11);
    }

    private static String preamble(int millis) {
        return FLV_HEADER + tag(9, millis, "1700000000aabb") + tag(8, millis, "af001210");
    }

    @Test
    void aLatePlayerGetsHeaderConfigurationAndKeyFrameAndThenTheEnd() throws Exception {
        Camera camera = new Camera(hub);
        camera.keyFrame(0, 3);
        camera.frame(40, false, "2701000000ffff");
        HttpResponse<InputStream> response =
                client.send(request("/live/test.flv").GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("video/x-flv");
        assertThat(response.headers().firstValue("access-control-allow-origin")).hasValue("*");
        assertThat(response.headers().firstValue("cache-control")).hasValue("no-cache");
        assertThat(response.headers().firstValue("x-accel-buffering")).hasValue("no");
        assertThat(response.headers().firstValue("content-length")).isEmpty();
        assertThat(response.headers().firstValue("transfer-encoding")).isEmpty();
        camera.keyFrame(80, 4);
        camera.publication.end(EndReason.GOODBYE);
        String first = tag(9, 0, "1701000000030303");
        String body = hex(response.body().readAllBytes());
        assertThat(body).startsWith(preamble(0) + first);
        assertThat(body)
                .isEqualTo(preamble(0) + first + tag(9, 40, "2701000000ffff") + tag(9, 80, "170100000004040404"));
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aLongStreamArrivesWhole(IoEngine engine) throws Exception {
        assertThat(server.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(loops.shutdown().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        loops = EventLoops.open(settings(engine));
        server = server();
        server.start();
        Camera camera = new Camera(hub);
        camera.keyFrame(0, 1);
        HttpResponse<InputStream> response =
                client.send(request("/live/test.flv").GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        StringBuilder expected = new StringBuilder(preamble(0)).append(tag(9, 0, "170100000001"));
        DataInputStream in = new DataInputStream(response.body());
        StringBuilder got = new StringBuilder();
        for (int i = 1; i <= 200; i++) {
            String body = (i % 20 == 0 ? "1701000000" : "2701000000")
                    + "%02x".formatted(i).repeat(i * 37);
            camera.frame(i * 40, i % 20 == 0, body);
            expected.append(tag(9, i * 40, body));
            got.append(hex(in.readNBytes((expected.length() - got.length()) / 2)));
        }
        assertThat(got.toString()).isEqualTo(expected.toString());
        camera.publication.end(EndReason.GOODBYE);
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void theHeadComesBeforeTheFirstFrame() throws Exception {
        Camera camera = new Camera(hub);
        HttpResponse<InputStream> response =
                client.send(request("/live/test.flv").GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        camera.keyFrame(0, 2);
        assertThat(hex(response.body().readNBytes(FLV_HEADER.length() / 2))).isEqualTo(FLV_HEADER);
        response.body().close();
    }

    @ParameterizedTest
    @CsvSource({
        "/live/other.flv, 404",
        "/live/test, 404",
        "/live/test.mp4, 404",
        "/test.flv, 404",
        "/live/te%5Cst.flv, 400",
        "/live/a%3Fb.flv, 400",
        "/live/..%2Ftest.flv, 400",
        "/live//test.flv, 400",
        "/live/%EF%BF%BD.flv, 400",
    })
    void whatIsNoStreamIsSaidSo(String path, int status) throws Exception {
        new Camera(hub);
        HttpResponse<String> response = client.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("access-control-allow-origin")).hasValue("*");
    }

    @Test
    void headTellsWhetherThereIsAStream() throws Exception {
        new Camera(hub);
        HttpResponse<String> live = client.send(
                request("/live/test.flv")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(live.headers().firstValue("content-type")).hasValue("video/x-flv");
        HttpResponse<String> other = client.send(
                request("/live/x.flv")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(other.statusCode()).isEqualTo(404);
        assertThat(hub.find(KEY)).isNotNull();
        assertThat(Objects.requireNonNull(hub.find(KEY)).viewerCount()).isZero();
    }

    @Test
    void aDeniedPlayerIsToldWhetherToShowAToken() throws Exception {
        new Camera(hub);
        policy = request -> CompletableFuture.completedFuture(AccessPolicy.Access.DENIED);
        assertThat(status(request("/live/test.flv"))).isEqualTo(401);
        assertThat(status(request("/live/test.flv?token=wrong"))).isEqualTo(403);
        assertThat(status(request("/live/test.flv").header("Authorization", "Bearer wrong")))
                .isEqualTo(403);
        AccessRequest last = asked.getLast();
        assertThat(last.credentials()).isEqualTo(new AccessRequest.Credentials("", "wrong"));
        assertThat(last.key()).isEqualTo(KEY);
        assertThat(last.action()).isEqualTo(AccessRequest.Action.PLAY);
        assertThat(last.peer().protocol()).isEqualTo("http-flv");
        assertThat(last.peer().address()).isEqualTo(InetAddress.getByName("127.0.0.1"));
    }

    private int status(HttpRequest.Builder request) throws Exception {
        return client.send(request.GET().build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void aPolicyThatFailsIsADenialAndAStoppingServerSaysSo() throws Exception {
        new Camera(hub);
        policy = request -> CompletableFuture.failedFuture(new IOException("on purpose"));
        assertThat(status(request("/live/test.flv"))).isEqualTo(401);
        hub.stop();
        assertThat(status(request("/live/test.flv"))).isEqualTo(503);
    }

    @Test
    void aDecisionMayComeLaterFromAnotherThread() throws Exception {
        Camera camera = new Camera(hub);
        camera.keyFrame(0, 1);
        CompletableFuture<AccessPolicy.Access> decision = new CompletableFuture<>();
        policy = request -> decision;
        CompletableFuture<HttpResponse<InputStream>> response =
                client.sendAsync(request("/live/test.flv").GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        await().until(() -> !asked.isEmpty());
        assertThat(response).isNotDone();
        decision.complete(AccessPolicy.Access.GRANTED);
        assertThat(response.get().statusCode()).isEqualTo(200);
        camera.publication.end(EndReason.GOODBYE);
        assertThat(response.get().body().readAllBytes()).isNotEmpty();
    }

    @Test
    void aPlayerThatLeavesBeforeTheDecisionIsNeverAViewer() throws Exception {
        Camera camera = new Camera(hub);
        CompletableFuture<AccessPolicy.Access> decision = new CompletableFuture<>();
        policy = request -> decision;
        try (Socket socket = dial()) {
            send(socket, "GET /live/test.flv HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> !asked.isEmpty());
        }
        await().until(() -> {
            HttpResponse<String> other = client.send(request("/x").GET().build(), HttpResponse.BodyHandlers.ofString());
            return other.statusCode() == 404;
        });
        await().until(decision::isCancelled);
        decision.complete(AccessPolicy.Access.GRANTED);
        await().during(Duration.ofMillis(200)).until(() -> camera.stream().viewerCount() == 0);
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

    @Test
    void aViewerIsCountedUntilItLeaves() throws Exception {
        Camera camera = new Camera(hub);
        camera.keyFrame(0, 1);
        try (Socket socket = dial()) {
            send(socket, "GET /live/test.flv HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
            await().until(() -> camera.stream().viewerCount() == 1);
        }
        await().until(() -> camera.stream().viewerCount() == 0);
    }

    @Test
    void anOldClientGetsTheSameBytes() throws Exception {
        Camera camera = new Camera(hub);
        camera.keyFrame(7, 2);
        try (Socket socket = dial()) {
            send(socket, "GET /live/test.flv HTTP/1.0\r\n\r\n");
            await().until(() -> camera.stream().viewerCount() == 1);
            camera.publication.end(EndReason.GOODBYE);
            byte[] all = socket.getInputStream().readAllBytes();
            String text = new String(all, StandardCharsets.ISO_8859_1);
            assertThat(text).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\nConnection: close\r\n");
            assertThat(hex(text.substring(text.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1)))
                    .isEqualTo(preamble(7) + tag(9, 7, "17010000000202"));
        }
    }

    @Test
    void bytesSentBehindTheRequestAreIgnored() throws Exception {
        Camera camera = new Camera(hub);
        camera.keyFrame(0, 2);
        try (Socket socket = dial()) {
            send(socket, "GET /live/test.flv HTTP/1.1\r\nHost: a\r\n\r\nGET /live/x.flv HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> camera.stream().viewerCount() == 1);
            send(socket, "more");
            camera.publication.end(EndReason.GOODBYE);
            String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(text.split("HTTP/1.1", -1)).hasSize(2);
        }
    }

    private WebSocket webSocket(Frames frames) throws Exception {
        return client.newWebSocketBuilder()
                .buildAsync(uri("ws", "/live/test.flv?token=x"), frames)
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void aWebSocketCarriesTheSameTagsInFrames() throws Exception {
        Camera camera = new Camera(hub);
        camera.keyFrame(0, 3);
        Frames frames = new Frames();
        WebSocket socket = webSocket(frames);
        assertThat(frames.next()).isEqualTo(FLV_HEADER);
        assertThat(frames.next()).isEqualTo(tag(9, 0, "1700000000aabb"));
        assertThat(frames.next()).isEqualTo(tag(8, 0, "af001210"));
        assertThat(frames.next()).isEqualTo(tag(9, 0, "1701000000030303"));
        socket.sendPing(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
        assertThat(frames.pong.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
        camera.keyFrame(40, 200);
        assertThat(frames.next()).isEqualTo(tag(9, 40, "1701000000" + "c8".repeat(200)));
        camera.keyFrame(80, 70_000);
        assertThat(frames.next()).isEqualTo(tag(9, 80, "1701000000" + "70".repeat(70_000)));
        assertThat(asked.getLast().peer().protocol()).isEqualTo("ws-flv");
        assertThat(asked.getLast().credentials().query()).isEqualTo("token=x");
        camera.publication.end(EndReason.GOODBYE);
        assertThat(frames.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @Test
    void aWebSocketThatClosesIsNoViewerAnyMore() throws Exception {
        Camera camera = new Camera(hub);
        camera.keyFrame(0, 3);
        Frames frames = new Frames();
        WebSocket socket = webSocket(frames);
        await().until(() -> camera.stream().viewerCount() == 1);
        assertThat(camera.stream().viewers())
                .singleElement()
                .satisfies(viewer -> assertThat(viewer.peer().agent()).startsWith("Java-http-client"));
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").get(20, TimeUnit.SECONDS);
        assertThat(frames.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
        await().until(() -> camera.stream().viewerCount() == 0);
    }

    @Test
    void aStoppingServerGoesAway() throws Exception {
        Camera camera = new Camera(hub);
        camera.keyFrame(0, 3);
        Frames frames = new Frames();
        webSocket(frames);
        frames.next();
        hub.stop();
        assertThat(frames.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1001);
    }

    @Test
    void aWebSocketToNothingIsNotOpened() {
        assertThat(client.newWebSocketBuilder().buildAsync(uri("ws", "/live/x.flv"), new Frames()))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .havingRootCause()
                .satisfies(cause -> assertThat(cause).hasMessageContaining("404"));
    }
}
