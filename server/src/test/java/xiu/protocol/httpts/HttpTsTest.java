package xiu.protocol.httpts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import xiu.check.MediaFeed;
import xiu.check.PlaylistCheck;
import xiu.check.TsCheck;
import xiu.codec.OpaqueConfig;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.http.server.HttpServer;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.protocol.hls.HlsService;
import xiu.protocol.hls.HlsSettings;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessRequest;
import xiu.stream.EndReason;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;
import xiu.transport.BindAddress;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.TransportSettings;

/** The route beside those of HLS, as on a listener that both share; a real hub, real sockets. */
@Timeout(60)
class HttpTsTest {
    private static final StreamKey KEY = new StreamKey("live", "test");
    private static final String URL = "/live/test.ts";

    private final EventLoops loops = EventLoops.open(TransportSettings.defaults());
    private final List<AccessRequest> asked = new ArrayList<>();
    private AccessPolicy policy = AccessPolicy.OPEN;
    private final StreamHub hub = new StreamHub(
            StreamSettings.defaults(),
            request -> {
                asked.add(request);
                return policy.check(request);
            },
            loops.workers());
    private final HlsService hls = new HlsService(
            Live.of(HlsSettings.defaults()),
            hub,
            AccessPolicy.OPEN,
            loops.workers().next());
    private final HttpServer server = server();
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpServer server() {
        List<HttpRoute> routes = new ArrayList<>(hls.routes());
        routes.add(HttpTsRoute.of(hub));
        return new HttpServer(
                BindAddress.parse("127.0.0.1").withPort(0),
                loops,
                new ConnectionGate(ConnectionLimits.defaults()),
                HttpSettings.defaults(),
                new HttpRouter(routes));
    }

    @BeforeEach
    void start() {
        hub.addListener(hls);
        hls.start();
        server.start();
    }

    @AfterEach
    void stop() {
        client.close();
        hub.stop();
        assertThat(hls.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(server.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(loops.shutdown().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
    }

    private Publication publish(StreamKey key, Track... tracks) {
        Publication publication = hub.feed(key, new Publisher() {
            @Override
            public Peer peer() {
                return new Peer("camera", "test", null, 0);
            }

            @Override
            public void onRevoked(EndReason reason) {}
        });
        for (Track track : tracks) {
            publication.configure(track);
        }
        return publication;
    }

    /** 25 pictures a second, a key frame each second, and sound between them. */
    private static void film(Publication to, int fromMillis, int toMillis) {
        long sound = fromMillis * 1000L;
        for (int millis = fromMillis; millis < toMillis; millis += 40) {
            to.write(MediaFeed.picture(MediaFeed.AVC, millis, millis + 40, millis % 1000 == 0, 2_000));
            for (; sound < (millis + 40) * 1000L; sound += 23_220) {
                to.write(MediaFeed.sound(MediaFeed.AAC, sound, 180));
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<InputStream> play(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    @Test
    void aViewerGetsTheStreamFromAKeyFrameOnAndThenTheEnd() throws Exception {
        Publication camera = publish(KEY, MediaFeed.AVC, MediaFeed.AAC);
        film(camera, 0, 1_520);
        HttpResponse<InputStream> response = play(URL);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("video/mp2t");
        assertThat(response.headers().firstValue("cache-control")).hasValue("no-cache");
        assertThat(response.headers().firstValue("access-control-allow-origin")).hasValue("*");
        assertThat(response.headers().firstValue("content-length")).isEmpty();
        await().until(() -> viewers() == 1);
        film(camera, 1_520, 3_000);
        camera.end(EndReason.GOODBYE);
        TsCheck.Segment got = new TsCheck().segment(response.body().readAllBytes(), true);
        assertThat(got.streams()).isEqualTo(Map.of(0x100, 0x1B, 0x101, 0x0F));
        assertThat(TsCheck.independent(got)).isTrue();
        assertThat(got.video()).hasSize(50);
        // Nothing is left behind of the sound that waits for a frame to share its packet.
        assertThat(got.audio().stream()
                        .mapToInt(pes -> pes.payload().length / 188)
                        .sum())
                .isBetween(85, 90);
    }

    private int viewers() {
        return Objects.requireNonNull(hub.find(KEY)).viewerCount();
    }

    @Test
    void soundAloneIsPlayedToo() throws Exception {
        Publication camera = publish(KEY, MediaFeed.AAC);
        for (int i = 0; i < 100; i++) {
            camera.write(MediaFeed.sound(MediaFeed.AAC, i * 23_220L, 180));
        }
        HttpResponse<InputStream> response = play(URL);
        await().until(() -> viewers() == 1);
        camera.end(EndReason.GOODBYE);
        TsCheck.Segment got = new TsCheck().segment(response.body().readAllBytes(), true);
        assertThat(got.streams()).isEqualTo(Map.of(0x101, 0x0F));
        assertThat(got.audio()).isNotEmpty();
    }

    @Test
    void whatMpegTsDoesNotCarryIsSaidSo() throws Exception {
        publish(KEY, new Track(Track.VIDEO_ID, TrackKind.VIDEO, new OpaqueConfig("av01"), Unpooled.EMPTY_BUFFER));
        HttpResponse<String> response = get(URL);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("the stream has no codec that MPEG-TS carries\n");
    }

    @Test
    void headTellsWhetherThereIsAStream() throws Exception {
        publish(KEY, MediaFeed.AVC);
        HttpResponse<String> live = client.send(request(URL).HEAD().build(), HttpResponse.BodyHandlers.ofString());
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(live.headers().firstValue("content-type")).hasValue("video/mp2t");
        assertThat(viewers()).isZero();
        assertThat(client.send(request("/live/x.ts").HEAD().build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
        assertThat(get("/live/x.ts").statusCode()).isEqualTo(404);
        assertThat(get("/live/a%3Fb.ts").statusCode()).isEqualTo(400);
    }

    @Test
    void whoMayNotPlayIsToldWhetherToShowAToken() throws Exception {
        publish(KEY, MediaFeed.AVC);
        policy = request -> CompletableFuture.completedFuture(AccessPolicy.Access.DENIED);
        assertThat(get(URL).statusCode()).isEqualTo(401);
        assertThat(get(URL + "?token=wrong").statusCode()).isEqualTo(403);
        assertThat(asked.getLast().peer().protocol()).isEqualTo("http-ts");
    }

    /** A number behind a stream's name is a segment of that stream where HLS has it. */
    @Test
    void segmentsOfHlsComeFirstWhereThereIsSuchAStream() throws Exception {
        Publication camera = publish(KEY, MediaFeed.AVC, MediaFeed.AAC);
        film(camera, 0, 6_000);
        String playlist = get("/live/test/test.m3u8").body();
        String segment = PlaylistCheck.parse(playlist).entries().getFirst().uri();
        HttpResponse<String> got = get("/live/test/" + segment);
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.headers().firstValue("content-length")).isPresent();
        assertThat(got.headers().firstValue("cache-control").orElse("")).contains("immutable");
        assertThat(get("/live/test/99.ts").statusCode()).isEqualTo(404);
    }

    /** Without such a stream it is the name of a stream like any other, until HLS has one there. */
    @Test
    void aStreamMayHaveANumberForItsName() throws Exception {
        Publication numbered = publish(new StreamKey("live/test", "7"), MediaFeed.AVC, MediaFeed.AAC);
        film(numbered, 0, 1_000);
        HttpResponse<InputStream> response = play("/live/test/7.ts");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-length")).isEmpty();
        film(publish(KEY, MediaFeed.AVC, MediaFeed.AAC), 0, 6_000);
        assertThat(get("/live/test/test.m3u8").statusCode()).isEqualTo(200);
        assertThat(get("/live/test/7.ts").statusCode()).isEqualTo(404);
        numbered.end(EndReason.GOODBYE);
        TsCheck.Segment got = new TsCheck().segment(response.body().readAllBytes(), true);
        assertThat(TsCheck.independent(got)).isTrue();
    }
}
