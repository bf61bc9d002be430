package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens from the configuration file to the picture: who has the right one gets in by every way, nobody else by any. */
class TokenIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    /** Every token holds it, so that the log can be searched for all of them at once. */
    private static final String MARK = "hush";

    private static final String PLAY = MARK + "+play&now%";
    private static final String PUBLISH = MARK + "-push";
    private static final String PLAY_ENCODED = MARK + "%2Bplay%26now%25";
    private static final String KEY = MARK + "-key";

    private static final String TOKENS = """
            [authsecret]
            key = "%s"
            password = "%s"
            push_password = "%s"
            [rtmp.auth]
            pull_enabled = true
            push_enabled = true
            algorithm = "%s"
            [httpflv.auth]
            pull_enabled = true
            algorithm = "%4$s"
            [hls.auth]
            pull_enabled = true
            algorithm = "%4$s"
            [hls]
            fragment = 1
            [log]
            level = "trace"
            """;

    private static XiuProcess server;
    private static ExternalProcess publisher;
    private static RelayRecorder good;
    private static int denials;

    @BeforeAll
    static void start() {
        server = XiuProcess.start(TOKENS.formatted(KEY, PLAY, PUBLISH, "simple"));
        publisher = MediaTools.publishForEver(TestClips.avcAac(), server.rtmp("live/test?token=" + PUBLISH));
        server.awaitLog("event=publish .*stream=live/test", SOON);
        good = RelayRecorder.rtmpUrl(server.rtmp("live/test?token=" + PLAY_ENCODED));
        await().atMost(SOON).until(() -> good.bytes() > 10_000);
    }

    /** Whatever others tried, who has the right token has got every packet. */
    @AfterAll
    static void stop() {
        try (XiuProcess running = server;
                ExternalProcess encoder = publisher;
                RelayRecorder player = good) {
            encoder.terminate(SOON);
            GoodStream.assertUnbroken(player, 50);
        }
    }

    /** Denied: counts it, as the server should. */
    private static void denied(int times) {
        denials += times;
    }

    private static String md5(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    private static HttpResponse<String> fetch(String url, String... fields) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
            if (fields.length > 0) {
                request.headers(fields);
            }
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
        }
    }

    private static String playlist(XiuProcess from, String query) {
        return from.hls("live/test") + query;
    }

    /** Frames that a real player gets, or its failure. */
    private static void assertPlays(String url, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("-i", url, "-map", "0:v", "-c", "copy", "-frames:v", "30", "-f", "null", "-"));
        MediaTools.ffmpeg(SOON, arguments.toArray(String[]::new));
    }

    @Test
    void withTheRightTokenFfmpegPlaysEveryWay() {
        String query = "?token=" + PLAY_ENCODED;
        assertPlays(server.rtmp("live/test") + query);
        assertPlays(server.httpFlv("live/test") + query);
        assertPlays(server.hls("live/test") + query, "-live_start_index", "0");
        String bearer = "Authorization: Bearer " + PLAY + "\r\n";
        assertPlays(server.httpFlv("live/test"), "-headers", bearer);
        assertPlays(server.hls("live/test"), "-headers", bearer, "-live_start_index", "0");
        try (RelayRecorder webSocket = RelayRecorder.webSocketUrl(server.webSocketFlv("live/test") + query)) {
            await().atMost(SOON).until(() -> webSocket.bytes() > 50_000);
        }
    }

    @Test
    void whoFollowsThePlaylistNeedsNoMoreAndWhoDoesNotGetsNoSegment() throws Exception {
        String url = playlist(server, "?token=" + PLAY_ENCODED);
        HttpResponse<String> playlist = fetch(url);
        assertThat(playlist.statusCode()).isEqualTo(200);
        assertThat(playlist.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(playlist.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(v -> assertThat(v).contains("private"));
        List<String> segments =
                playlist.body().lines().filter(line -> !line.startsWith("#")).toList();
        assertThat(segments).isNotEmpty();
        String segment = segments.getLast();
        // As a browser resolves it, and as a player does that keeps no query of its own.
        assertThat(fetch(URI.create(url).resolve(segment).toString()).statusCode())
                .isEqualTo(200);
        String bare = URI.create(url).resolve(segment.replaceFirst("\\?.*", "")).toString();
        assertThat(fetch(bare).statusCode()).isEqualTo(401);
        assertThat(fetch(bare + "?token=" + MARK + "-wrong").statusCode()).isEqualTo(403);
        assertThat(fetch(bare + "?token=" + PUBLISH).statusCode()).isEqualTo(403);
        assertThat(fetch(bare, "Authorization", "Bearer " + PLAY).statusCode()).isEqualTo(200);
        denied(3);
    }

    /** Queries that must not play, each with the answer over HTTP. */
    private static Map<String, Integer> wrongQueries() {
        Map<String, Integer> wrong = new TreeMap<>();
        wrong.put("", 401);
        wrong.put("?other=" + MARK, 401);
        wrong.put("?token", 403);
        wrong.put("?token=", 403);
        wrong.put("?token=" + MARK + "-wrong", 403);
        wrong.put("?token=" + PUBLISH, 403);
        wrong.put("?token=" + PLAY_ENCODED + "x", 403);
        wrong.put("?token=" + MARK + "%zz", 401);
        wrong.put("?token=" + MARK + "%ff%fe", 401);
        wrong.put("?Token=" + PLAY_ENCODED, 401);
        wrong.put("?token=" + MARK + "-wrong&token=" + PLAY_ENCODED, 403);
        wrong.put("?token=" + MARK.repeat(1_500), 403);
        return wrong;
    }

    @Test
    void wrongTokensAreRefusedByEveryHttpProtocol() {
        int flv = server.port("httpflv");
        int hls = server.port("hls");
        Map<String, ToIntFunction<String>> ways = Map.of(
                "http-flv", query -> RawHttp.get(flv, "/live/test.flv" + query),
                "websocket", query -> RawHttp.webSocket(flv, "/live/test.flv" + query),
                "playlist", query -> RawHttp.get(hls, "/live/test/test.m3u8" + query),
                "segment", query -> RawHttp.get(hls, "/live/test/1.ts" + query));
        ways.forEach((name, way) -> wrongQueries().forEach((query, status) -> {
            assertThat(way.applyAsInt(query)).as(name + " " + query).isEqualTo(status);
            denied(1);
        }));
        for (String bearer :
                List.of("Bearer", "Bearer ", "Bearer " + MARK + "-wrong", "Basic " + MARK, "Bearer " + PUBLISH)) {
            assertThat(RawHttp.get(flv, "/live/test.flv", "Authorization: " + bearer))
                    .as(bearer)
                    .isBetween(401, 403);
            denied(1);
        }
        // Longer than a request line may be: refused before anybody looks at it.
        assertThat(RawHttp.get(flv, "/live/test.flv?token=" + MARK.repeat(4_000)))
                .isEqualTo(414);
    }

    @Test
    void wrongTokensAreRefusedByRtmp() {
        Stream.concat(wrongQueries().keySet().stream(), Stream.of("?token=" + MARK.repeat(15_000)))
                .forEach(query -> {
                    try (RawRtmp player = RawRtmp.playing(server, "test" + query)) {
                        player.await("NetStream.Play.Failed");
                        assertThat(player.heard).doesNotContain("NetStream.Play.Start");
                        assertThat(player.frames).isEmpty();
                    }
                    denied(1);
                });
        for (String query : List.of(
                "", "?token=", "?token=" + PLAY_ENCODED, "?token=" + MARK + "-wrong", "?token=" + PUBLISH + "%00")) {
            try (RawRtmp thief = RawRtmp.publishing(server, "other" + query)) {
                thief.await("NetStream.Publish.BadAuth").awaitEnd();
                assertThat(thief.heard).doesNotContain("NetStream.Publish.Start");
            }
            denied(1);
        }
        // Nor does a player's token take a living stream over.
        try (RawRtmp thief = RawRtmp.publishing(server, "test?token=" + PLAY_ENCODED)) {
            thief.await("NetStream.Publish.BadAuth");
        }
        denied(1);
        assertThat(publisher.isAlive()).isTrue();
        try (RawRtmp doubled = RawRtmp.playing(server, "test?token=" + PLAY_ENCODED + "&token=" + MARK)) {
            doubled.await("NetStream.Play.Start");
        }
    }

    @Test
    void md5TokensAreBoundToTheStreamTheyWereMadeFor() throws Exception {
        String toml = TOKENS.formatted(KEY, "", "", "md5").replaceFirst("(?s)password = .*?push_password = \"\"\n", "");
        try (XiuProcess md5 = XiuProcess.start(toml)) {
            String right = "?token=" + md5(KEY + "test");
            String other = "?token=" + md5(KEY + "other");
            try (ExternalProcess encoder =
                    MediaTools.publishForEver(TestClips.avcAac(), md5.rtmp("live/test") + right)) {
                md5.awaitLog("event=publish .*stream=live/test", SOON);
                assertPlays(md5.rtmp("live/test") + right);
                assertPlays(md5.httpFlv("live/test")
                        + right.toUpperCase(java.util.Locale.ROOT).replace("?TOKEN", "?token"));
                assertPlays(md5.hls("live/test") + right, "-live_start_index", "0");
                for (String wrong : List.of("", other, "?token=" + KEY, "?token=" + md5("test"))) {
                    assertThat(RawHttp.get(md5.port("httpflv"), "/live/test.flv" + wrong))
                            .isEqualTo(wrong.isEmpty() ? 401 : 403);
                    assertThat(RawHttp.get(md5.port("hls"), "/live/test/test.m3u8" + wrong))
                            .isEqualTo(wrong.isEmpty() ? 401 : 403);
                    try (RawRtmp player = RawRtmp.playing(md5, "test" + wrong);
                            RawRtmp thief = RawRtmp.publishing(md5, "test" + wrong)) {
                        player.await("NetStream.Play.Failed");
                        thief.await("NetStream.Publish.BadAuth");
                    }
                }
                assertThat(encoder.isAlive()).isTrue();
            }
            assertNothingTold(md5, right.substring(7), other.substring(7));
        }
    }

    @Test
    void denialsAreCountedAndReportedNowAndThen() {
        Pattern line = Pattern.compile("event=denied .*times=(\\d+)");
        Duration interval = Duration.ofSeconds(12);
        // A line comes at once, and then what has happened since is told with the first one after ten seconds.
        RawHttp.get(server.port("hls"), "/live/test/test.m3u8");
        denied(1);
        long lines = line.matcher(server.log()).results().count();
        await().atMost(interval.plus(SOON)).pollInterval(Duration.ofMillis(200)).until(() -> {
            RawHttp.get(server.port("hls"), "/live/test/test.m3u8");
            denied(1);
            return line.matcher(server.log()).results().count() > lines;
        });
        int told = line.matcher(server.log())
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .sum();
        // The line may have come a moment after the denial that was due, and one more has been made since.
        assertThat(told).isBetween(denials - 2, denials);
        assertNothingTold(server, PLAY, PLAY_ENCODED, PUBLISH);
    }

    /** At the level that tells most. */
    private static void assertNothingTold(XiuProcess of, String... secrets) {
        assertThat(of.log())
                .contains("event=denied")
                .doesNotContain(MARK, "token=", "?")
                .doesNotContain(secrets);
    }
}
