package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many who want the same, or nonsense, cost the upstream one connection, or none; upstreams are asked in order. */
class RelayCrowdIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    private static XiuProcess edge(int port, String more) {
        return XiuProcess.start("[rtmp]\n[[rtmp.pull]]\naddress = \"127.0.0.1\"\nport = %d\n%s".formatted(port, more));
    }

    private static long count(XiuProcess server, String text) {
        return server.log().lines().filter(line -> line.contains(text)).count();
    }

    private static HttpRequest request(XiuProcess server, String path) {
        return HttpRequest.newBuilder(URI.create(server.httpFlv(path))).build();
    }

    @Test
    void fiftyPlayersShareOneConnectionThatGoesAfterTheLinger() throws Exception {
        try (XiuProcess origin = XiuProcess.start();
                XiuProcess edge = edge(origin.port("rtmp"), "linger = 1\n");
                ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), origin.rtmp("live/test"))) {
            origin.awaitLog("event=publish ", SOON);
            try (HttpClient http = HttpClient.newHttpClient();
                    RelayRecorder rtmp = RelayRecorder.rtmp(edge, "live/test")) {
                List<CompletableFuture<HttpResponse<InputStream>>> players = IntStream.range(0, 49)
                        .mapToObj(i ->
                                http.sendAsync(request(edge, "live/test"), HttpResponse.BodyHandlers.ofInputStream()))
                        .toList();
                for (CompletableFuture<HttpResponse<InputStream>> player : players) {
                    assertThat(player.get().statusCode()).isEqualTo(200);
                    assertThat(player.get().body().readNBytes(20_000)).hasSize(20_000);
                }
                await().atMost(SOON).until(() -> rtmp.bytes() > 0);
                assertThat(count(origin, "event=play ")).isEqualTo(1);
                http.shutdownNow();
            }
            edge.awaitLog("event=relay_stopped direction=PULL .*reason=\"nobody watches\"", Duration.ofSeconds(5));
            origin.awaitLog("event=session_end .*published=- reason=GOODBYE", Duration.ofSeconds(2));
            assertThat(count(origin, "event=play ")).isEqualTo(1);
            assertThat(publisher.isAlive()).isTrue();
        }
    }

    @Test
    void aStormOfRequestsForNonsenseIsRefusedSoonAndReachesTheUpstreamOnce() throws Exception {
        try (XiuProcess origin = XiuProcess.start();
                XiuProcess edge = edge(origin.port("rtmp"), "");
                HttpClient http = HttpClient.newHttpClient()) {
            long began = System.nanoTime();
            List<CompletableFuture<HttpResponse<Void>>> storm = IntStream.range(0, 200)
                    .mapToObj(
                            i -> http.sendAsync(request(edge, "live/nonsense"), HttpResponse.BodyHandlers.discarding()))
                    .toList();
            for (CompletableFuture<HttpResponse<Void>> one : storm) {
                assertThat(one.get().statusCode()).isEqualTo(404);
            }
            long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
            // What is remembered for two seconds is asked for again after them.
            origin.awaitLog("event=session_end .*app=live ", SOON);
            assertThat(count(origin, "event=session_end ")).isLessThanOrEqualTo(1 + seconds / 2);
            assertThat(seconds).isLessThan(5);
        }
    }

    @Test
    void everyProtocolSaysSoonThatTheUpstreamDoesNotHaveTheStream() throws Exception {
        try (XiuProcess origin = XiuProcess.start();
                XiuProcess edge = edge(origin.port("rtmp"), "wait = 60\n");
                HttpClient http = HttpClient.newHttpClient();
                RawRtmp rtmp = RawRtmp.playing(edge, "none-1")) {
            rtmp.await("NetStream.Play.StreamNotFound");
            for (String url : List.of(edge.httpFlv("live/none-2"), edge.hls("live/none-3"))) {
                HttpRequest request =
                        HttpRequest.newBuilder(URI.create(url)).timeout(SOON).build();
                assertThat(http.send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .as(url)
                        .isEqualTo(404);
            }
            CompletableFuture<WebSocket> webSocket = http.newWebSocketBuilder()
                    .connectTimeout(SOON)
                    .buildAsync(URI.create(edge.webSocketFlv("live/none-4")), new WebSocket.Listener() {});
            assertThatThrownBy(webSocket::join)
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            refused -> assertThat(refused.getResponse().statusCode())
                                    .isEqualTo(404));
            await().atMost(SOON).until(() -> count(origin, "event=session_end ") == 4);
        }
    }

    @Test
    void upstreamsAreAskedInOrderTheDeadOneOnceAndOnlyForWhatTheyServe() throws Exception {
        int dead = FreePorts.next();
        try (XiuProcess origin = XiuProcess.start();
                XiuProcess edge = edge(dead, """
                        [[rtmp.pull]]
                        url = "rtmp://localhost:%d/real/{app}-{stream}?token=abc&{query}"
                        match = "live/*"
                        """.formatted(origin.port("rtmp")));
                HttpClient http = HttpClient.newHttpClient();
                ExternalProcess publisher = MediaTools.publish(TestClips.avcAac(), origin.rtmp("real/live-test"))) {
            origin.awaitLog("event=publish ", SOON);
            try (RelayRecorder player = RelayRecorder.httpFlv(edge, "live/test")) {
                origin.awaitLog("event=play .*stream=real/live-test", SOON);
                assertThat(http.send(request(edge, "live/none"), HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(404);
                assertThat(count(edge, "event=relay_upstream_unhealthy remote=rtmp://127.0.0.1:" + dead))
                        .isEqualTo(1);
                player.assertEndsWithAllOf(PacketDump.normalised(TestClips.avcAac()), 25);
            }
            assertThat(edge.log()).doesNotContain("token=abc");
            assertThat(publisher.awaitExit(SOON)).isZero();
        }
    }
}
