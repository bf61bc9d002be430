package xiu.protocol.hls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.EventExecutor;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xiu.check.MediaFeed;
import xiu.check.PlaylistCheck;
import xiu.check.TsCheck;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.http.server.HttpServer;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessRequest;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.Viewer;
import xiu.stream.settings.StreamSettings;
import xiu.transport.BindAddress;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.TransportSettings;

/** The whole of HLS between a hub and a real HTTP server, asked by the JDK's HTTP client. */
class HlsServiceTest {
    /** A stream whose publisher was lost would end after ten seconds at the earliest. */
    private static final Duration WELL_WITHIN_GRACE = Duration.ofSeconds(8);

    private static final StreamKey KEY = new StreamKey("live", "test");
    private static final String PLAYLIST = "/live/test/test.m3u8";

    private final EventLoops loops = EventLoops.open(TransportSettings.defaults());
    private final EventExecutor reader = loops.workers().next();
    private final HttpClient client = HttpClient.newHttpClient();
    private AccessPolicy policy = AccessPolicy.OPEN;
    private StreamHub hub;
    private HlsService hls;
    private HttpServer server;
    private long clock;

    private void start(HlsSettings settings) {
        hub = new StreamHub(StreamSettings.defaults(), policy, loops.workers());
        hls = new HlsService(Live.of(settings), hub, policy, reader);
        hub.addListener(hls);
        hls.start();
        server = new HttpServer(
                BindAddress.parse("127.0.0.1").withPort(0),
                loops,
                new ConnectionGate(ConnectionLimits.defaults()),
                HttpSettings.defaults(),
                new HttpRouter(hls.routes()));
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        hub.stop();
        hls.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        client.close();
        loops.shutdown().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void theFirstRequestWaitsForTheFirstSegment() throws Exception {
        start(HlsSettings.defaults());
        Publication publication = publish();
        CompletableFuture<HttpResponse<byte[]>> early = client.sendAsync(request(PLAYLIST), bytes());
        await().until(() -> hub.find(KEY).viewerCount() == 1);
        assertThat(early).isNotDone();
        assertThat(hub.find(KEY).isAwaited())
                .as("a segment can wait for a fifth of a second")
                .isFalse();
        feed(publication, 2500);
        HttpResponse<byte[]> reply = early.get(20, TimeUnit.SECONDS);
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/vnd.apple.mpegurl");
        assertThat(reply.headers().firstValue("Cache-Control")).hasValue("max-age=1");
        assertThat(reply.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        String etag = reply.headers().firstValue("ETag").orElseThrow();
        assertThat(get(PLAYLIST, "If-None-Match", etag).statusCode()).isEqualTo(304);
        assertThat(PlaylistCheck.parse(text(reply)).entries()).hasSize(1);
    }

    @Test
    void everySegmentOfAStreamIsWhatThePlaylistSays() throws Exception {
        start(HlsSettings.defaults());
        Publication publication = publish();
        PlaylistCheck playlists = new PlaylistCheck();
        TsCheck segments = new TsCheck();
        long next = -1;
        double promised = 0;
        long begun = 0;
        for (int round = 0; round < 10; round++) {
            feed(publication, 2000);
            if (round == 0) {
                continue;
            }
            int expected = round;
            await().until(() -> listed() >= Math.min(expected, 6));
            PlaylistCheck.Playlist now = playlists.next(text(get(PLAYLIST)));
            for (PlaylistCheck.Entry entry : now.entries()) {
                if (entry.number() >= next) {
                    byte[] bytes = get("/live/test/" + entry.uri()).body();
                    TsCheck.Segment read = segments.segment(bytes, next < 0 || entry.discontinuity());
                    assertThat(TsCheck.independent(read)).isTrue();
                    long begins = read.video().getFirst().dts();
                    assertThat(promised)
                            .as("EXTINF, against the clock of the media")
                            .isCloseTo(next < 0 ? 0 : (begins - begun) / 90_000.0, within(0.001));
                    promised = entry.seconds();
                    begun = begins;
                    next = entry.number() + 1;
                }
            }
        }
    }

    private long listed() throws Exception {
        return PlaylistCheck.parse(text(get(PLAYLIST))).entries().size();
    }

    @Test
    void segmentsAreServedWholeInPartOrNotAtAll() throws Exception {
        start(HlsSettings.defaults());
        feed(publish(), 2500);
        String uri = "/live/test/"
                + PlaylistCheck.parse(text(get(PLAYLIST))).entries().getFirst().uri();
        HttpResponse<byte[]> whole = get(uri);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.headers().firstValue("Content-Type")).hasValue("video/mp2t");
        assertThat(whole.headers().firstValue("Cache-Control")).hasValue("public, max-age=86400, immutable");
        HttpResponse<byte[]> part = get(uri, "Range", "bytes=188-375");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).hasSize(188).startsWith(0x47);
        String etag = whole.headers().firstValue("ETag").orElseThrow();
        assertThat(get(uri, "If-None-Match", etag).statusCode()).isEqualTo(304);
        HttpRequest head = HttpRequest.newBuilder(uri(uri)).HEAD().build();
        HttpResponse<byte[]> only = client.send(head, bytes());
        assertThat(only.headers().firstValueAsLong("Content-Length")).hasValue(whole.body().length);
        assertThat(only.body()).isEmpty();
        assertThat(get("/live/test/1.ts").statusCode()).isEqualTo(404);
        assertThat(get("/live/test/0" + uri.substring(uri.lastIndexOf('/') + 1)).statusCode())
                .isEqualTo(404);
    }

    @Test
    void whoWasShownASegmentGetsItAlsoWhenItHasLeftThePlaylist() throws Exception {
        start(HlsSettings.defaults());
        Publication publication = publish();
        feed(publication, 2500);
        PlaylistCheck.Entry shown =
                PlaylistCheck.parse(text(get(PLAYLIST))).entries().getFirst();
        for (int i = 1; i < 9; i++) {
            feed(publication, 2000);
        }
        await().until(() -> PlaylistCheck.parse(text(get(PLAYLIST))).sequence() > shown.number() + 1);
        assertThat(get("/live/test/" + shown.uri()).statusCode()).isEqualTo(200);
    }

    @Test
    void playlistsAreGzippedForThoseWhoTakeIt() throws Exception {
        start(HlsSettings.defaults());
        feed(publish(), 2500);
        HttpResponse<byte[]> zipped = get(PLAYLIST, "Accept-Encoding", "gzip");
        assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo(text(get(PLAYLIST)));
        }
    }

    @Test
    void unknownNamesAreNotFound() throws Exception {
        start(HlsSettings.defaults());
        feed(publish(), 2500);
        for (String path : new String[] {
            "/live/other/other.m3u8", "/live/test/other.m3u8", "/test.m3u8", "/live/%2e%2e/x.m3u8", "/live/test/x.ts"
        }) {
            assertThat(get(path).statusCode()).as(path).isIn(400, 404);
        }
    }

    @Test
    void theEndIsSaidAtOnceAndTheLastSegmentsStay() throws Exception {
        start(HlsSettings.defaults());
        Publication publication = publish();
        feed(publication, 5000);
        publication.end(EndReason.GOODBYE);
        await().atMost(WELL_WITHIN_GRACE).until(() -> text(get(PLAYLIST)).contains("#EXT-X-ENDLIST"));
        PlaylistCheck.Playlist last = PlaylistCheck.parse(text(get(PLAYLIST)));
        assertThat(last.seconds()).isBetween(4.9, 5.1);
        for (PlaylistCheck.Entry entry : last.entries()) {
            assertThat(get("/live/test/" + entry.uri()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aStreamThatComesAgainNeverGoesBack() throws Exception {
        start(HlsSettings.defaults());
        Publication first = publish();
        feed(first, 5000);
        first.end(EndReason.GOODBYE);
        await().until(() -> text(get(PLAYLIST)).contains("#EXT-X-ENDLIST"));
        PlaylistCheck.Playlist before = PlaylistCheck.parse(text(get(PLAYLIST)));
        feed(publish(), 2500);
        PlaylistCheck.Playlist after = PlaylistCheck.parse(text(get(PLAYLIST)));
        assertThat(after.ended()).isFalse();
        assertThat(after.sequence()).isGreaterThan(before.entries().getLast().number());
        assertThat(after.discontinuities()).isGreaterThan(before.discontinuities());
        assertThat(get("/live/test/" + before.entries().getFirst().uri()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void segmentsStayWhileANewStreamOfTheNameHasNoneYetAndWhenItEndsWithoutOne() throws Exception {
        start(HlsSettings.defaults());
        Publication first = publish();
        feed(first, 5000);
        first.end(EndReason.GOODBYE);
        await().until(() -> text(get(PLAYLIST)).contains("#EXT-X-ENDLIST"));
        String before = text(get(PLAYLIST));
        String shown =
                "/live/test/" + PlaylistCheck.parse(before).entries().getFirst().uri();
        for (int i = 0; i < 2; i++) {
            Publication shortLived = publish();
            assertThat(get(shown).statusCode()).isEqualTo(200);
            shortLived.end(EndReason.GOODBYE);
            await().until(() -> hub.find(KEY) == null);
            assertThat(get(shown).statusCode()).isEqualTo(200);
            assertThat(text(get(PLAYLIST))).isEqualTo(before);
        }
        feed(publish(), 2500);
        assertThat(get(shown).statusCode()).isEqualTo(200);
    }

    @Test
    void aStopOfTheServerEndsTheRecordingAndNotThePlaylistOnDisk(@TempDir Path folder) throws Exception {
        start(HlsSettings.defaults().recording(Optional.of(folder), true));
        feed(publish(), 5000);
        hub.stop();
        hls.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        PlaylistCheck.Playlist live = PlaylistCheck.parse(Files.readString(folder.resolve("live/test/test.m3u8")));
        assertThat(live.ended()).isFalse();
        assertThat(live.seconds()).isBetween(4.9, 5.1);
        assertThat(PlaylistCheck.parse(Files.readString(folder.resolve("live/test/vod_test.m3u8")))
                        .ended())
                .isTrue();
    }

    @Test
    void aPublisherThatComesBackInTimeGoesOnWithADiscontinuity() throws Exception {
        start(HlsSettings.defaults());
        Publication first = publish();
        feed(first, 5000);
        await().until(() -> listed() == 2);
        PlaylistCheck check = new PlaylistCheck();
        check.next(text(get(PLAYLIST)));
        first.end(EndReason.CONNECTION_LOST);
        clock = 0;
        feed(publish(), 4500);
        await().until(() -> listed() >= 4);
        PlaylistCheck.Playlist now = check.next(text(get(PLAYLIST)));
        assertThat(now.entries().stream().filter(PlaylistCheck.Entry::discontinuity))
                .hasSize(1);
    }

    @Test
    void withATokenSegmentsAreGuardedAndPlaylistsCarryIt() throws Exception {
        policy = tokens(true, "abc");
        start(HlsSettings.defaults());
        feed(publish(), 2500);
        assertThat(get(PLAYLIST).statusCode()).isEqualTo(401);
        assertThat(get(PLAYLIST + "?token=no").statusCode()).isEqualTo(403);
        assertThat(get(PLAYLIST, "Authorization", "Bearer abc").statusCode()).isEqualTo(200);
        HttpResponse<byte[]> playlist = get(PLAYLIST + "?token=abc");
        String uri = PlaylistCheck.parse(text(playlist)).entries().getFirst().uri();
        assertThat(uri).endsWith(".ts?token=abc");
        assertThat(get("/live/test/" + uri).statusCode()).isEqualTo(200);
        assertThat(get("/live/test/" + uri.replaceFirst("\\?.*", "")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void playlistsCarryTheTokenAloneAndNoEndlessOne() throws Exception {
        String endless = "x".repeat(1_025);
        policy = tokens(true, "abc", endless);
        start(HlsSettings.defaults());
        feed(publish(), 2500);
        HttpResponse<byte[]> reply = get(PLAYLIST + "?a=" + "b".repeat(7_000) + "&token=abc&c=d");
        assertThat(PlaylistCheck.parse(text(reply)).entries())
                .allSatisfy(entry -> assertThat(entry.uri()).endsWith(".ts?token=abc"));
        assertThat(get(PLAYLIST + "?token=" + endless).statusCode()).isEqualTo(414);
        assertThat(get(PLAYLIST, "Authorization", "Bearer " + endless).statusCode())
                .isEqualTo(200);
    }

    @Test
    void withoutATokenForHlsPlaylistsCarryNothingAndCachesMayKeepThem() throws Exception {
        policy = tokens(false, "abc");
        start(HlsSettings.defaults());
        feed(publish(), 2500);
        HttpResponse<byte[]> reply = get(PLAYLIST + "?token=abc&a=b");
        PlaylistCheck.Entry first = PlaylistCheck.parse(text(reply)).entries().getFirst();
        assertThat(first.uri()).endsWith(".ts");
        assertThat(reply.headers().firstValue("Cache-Control")).hasValue("max-age=1");
        assertThat(get("/live/test/" + first.uri()).headers().firstValue("Cache-Control"))
                .hasValue("public, max-age=86400, immutable");
    }

    private static AccessPolicy tokens(boolean hls, String... passwords) {
        return new TokensOfTests(hls, List.of(passwords));
    }

    @Test
    void aViewerIsAnAddressAndAnAgentAndStaysAwayWhenItIsToldToGo() throws Exception {
        start(HlsSettings.defaults());
        feed(publish(), 5000);
        String segment = "/live/test/"
                + PlaylistCheck.parse(text(get(PLAYLIST, "User-Agent", "one")))
                        .entries()
                        .getFirst()
                        .uri();
        get(PLAYLIST, "User-Agent", "one");
        assertThat(hub.find(KEY).viewerCount()).isEqualTo(1);
        Viewer one = hub.find(KEY).viewers().iterator().next();
        get(PLAYLIST, "User-Agent", "two");
        assertThat(hub.find(KEY).viewerCount()).isEqualTo(2);
        one.kick(EndReason.KICKED);
        assertThat(hub.find(KEY).viewerCount()).isEqualTo(1);
        assertThat(get(PLAYLIST, "User-Agent", "one").statusCode()).isEqualTo(403);
        assertThat(get(segment, "User-Agent", "one").statusCode()).isEqualTo(403);
        assertThat(get(PLAYLIST, "User-Agent", "two").statusCode()).isEqualTo(200);
        assertThat(get(segment, "User-Agent", "two").statusCode()).isEqualTo(200);
        // A segment alone makes nobody a viewer.
        assertThat(get(segment, "User-Agent", "three").statusCode()).isEqualTo(200);
        assertThat(hub.find(KEY).viewerCount()).isEqualTo(1);
    }

    @Test
    void aViewerIsOneSessionWithTheBytesOfAllItsPlaylistsAndSegments() throws Exception {
        start(HlsSettings.defaults());
        feed(publish(), 5000);
        String playlist = text(get(PLAYLIST, "User-Agent", "one"));
        String segment = "/live/test/"
                + PlaylistCheck.parse(playlist).entries().getFirst().uri();
        Viewer one = hub.find(KEY).viewers().iterator().next();
        assertThat(one.peer().agent()).isEqualTo("one");
        long bytes = playlist.length();
        await().untilAsserted(() -> assertThat(one.sentBytes()).isEqualTo(bytes));
        long more = get(segment, "User-Agent", "one", "Range", "bytes=0-187").body().length;
        await().untilAsserted(() -> assertThat(one.sentBytes()).isEqualTo(bytes + more));
        assertThat(hub.counters().sentBytes().count("hls")).isEqualTo(bytes + more);
    }

    @Test
    void aNameThatWasAskedForTooEarlyIsFoundLaterAndAgain() throws Exception {
        start(HlsSettings.defaults());
        assertThat(get(PLAYLIST).statusCode()).isEqualTo(404);
        Publication first = publish();
        feed(first, 5000);
        String listed = text(get(PLAYLIST));
        String early =
                "/live/test/" + PlaylistCheck.parse(listed).entries().getFirst().uri();
        assertThat(get(early).statusCode()).isEqualTo(200);
        first.end(EndReason.GOODBYE);
        await().until(() -> text(get(PLAYLIST)).contains("#EXT-X-ENDLIST"));
        feed(publish(), 5000);
        await().until(() -> !text(get(PLAYLIST)).contains("#EXT-X-ENDLIST"));
        assertThat(text(get(PLAYLIST))).isNotEqualTo(listed);
        assertThat(get(early).statusCode()).isEqualTo(200);
    }

    @Test
    void segmentsAreWrittenToTheFolderToo(@TempDir Path folder) throws Exception {
        start(HlsSettings.defaults().recording(Optional.of(folder), true));
        Publication publication = publish();
        feed(publication, 5000);
        publication.end(EndReason.GOODBYE);
        Path vod = folder.resolve("live/test/vod_test.m3u8");
        await().until(() -> Files.exists(vod));
        PlaylistCheck.Playlist recorded = PlaylistCheck.parse(Files.readString(vod));
        TsCheck segments = new TsCheck();
        for (PlaylistCheck.Entry entry : recorded.entries()) {
            segments.segment(
                    Files.readAllBytes(folder.resolve("live/test/" + entry.uri())),
                    entry.equals(recorded.entries().getFirst()));
        }
        assertThat(recorded.ended()).isTrue();
        assertThat(recorded.seconds()).isBetween(4.9, 5.1);
        assertThat(PlaylistCheck.parse(Files.readString(folder.resolve("live/test/test.m3u8")))
                        .ended())
                .isTrue();
    }

    @Test
    void aRecordingIsWholeHoweverSoonItsNameIsPublishedAgain(@TempDir Path folder) throws Exception {
        start(HlsSettings.defaults().recording(Optional.of(folder), true));
        for (int life = 1; life <= 8; life++) {
            Publication publication = publish();
            feed(publication, 5000);
            publication.end(EndReason.GOODBYE);
        }
        hub.stop();
        hls.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        List<Path> recordings;
        try (Stream<Path> files = Files.list(folder.resolve("live/test"))) {
            recordings = files.filter(file -> file.getFileName().toString().contains("vod_"))
                    .toList();
        }
        assertThat(recordings).hasSize(8);
        for (Path recording : recordings) {
            assertThat(PlaylistCheck.parse(Files.readString(recording)).seconds())
                    .isBetween(4.9, 5.1);
        }
    }

    private Publication publish() throws Exception {
        Peer peer = new Peer("p1", "rtmp", InetAddress.getLoopbackAddress(), 1);
        Publisher publisher = new Publisher() {
            @Override
            public Peer peer() {
                return peer;
            }

            @Override
            public void onRevoked(EndReason reason) {}
        };
        AccessRequest request =
                new AccessRequest(AccessRequest.Action.PUBLISH, KEY, peer, AccessRequest.Credentials.NONE);
        Publication publication =
                hub.publish(request, publisher).toCompletableFuture().get(20, TimeUnit.SECONDS);
        publication.configure(MediaFeed.AVC);
        publication.configure(MediaFeed.AAC);
        return publication;
    }

    /** So many milliseconds of media, with a key frame every second, as fast as they are read. */
    private void feed(Publication to, long millis) throws Exception {
        MediaStream stream = to.stream();
        assertThat(stream.key()).isEqualTo(KEY);
        for (long end = clock + millis; clock < end; clock += 40) {
            to.write(MediaFeed.picture(MediaFeed.AVC, clock, clock + 80, clock % 1000 == 0, 500));
            to.write(MediaFeed.sound(MediaFeed.AAC, clock * 1000, 100));
            if (clock % 2000 == 0) {
                reader.submit(() -> {}).get(20, TimeUnit.SECONDS);
            }
        }
    }

    private HttpResponse<byte[]> get(String path, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return client.send(request.build(), bytes());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(uri(path)).build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }

    private static HttpResponse.BodyHandler<byte[]> bytes() {
        return HttpResponse.BodyHandlers.ofByteArray();
    }

    private static String text(HttpResponse<byte[]> reply) {
        return new String(reply.body(), UTF_8);
    }
}
