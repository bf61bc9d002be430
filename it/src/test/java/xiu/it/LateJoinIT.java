package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import xiu.check.TsCheck;

/**
 * Ten viewers come at random moments of a running stream, by each protocol: configuration comes first, then a key frame,
 * and that at once, for the newest group of pictures is cached. Media that had to wait for the next key frame would take
 * half a second on average, and the first segment after a request two.
 */
class LateJoinIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int JOINS = 10;
    private static final Duration AT_ONCE = Duration.ofMillis(200);
    /** A busy machine may hold up most of ten, but what waits for a key frame holds up nearly all of each ten. */
    private static final int ROUNDS = 4;

    private static XiuProcess server;
    private static ExternalProcess publisher;
    private static Watcher running;

    private final Random moments = new Random(11);

    @BeforeAll
    static void start() {
        server = XiuProcess.start("[hls]\nfragment = 1\n");
        publisher = MediaTools.publishForEver(TestClips.avcAac(), server.rtmp("live/late"));
        server.awaitLog("event=publish .*stream=live/late", SOON);
        running = Watcher.httpFlv(server.port("httpflv"), "late");
        running.awaitMore(2_500);
    }

    @AfterAll
    static void stop() {
        running.close();
        publisher.close();
        server.close();
    }

    @Test
    void byRtmp() throws Exception {
        assertAtOnce(() -> joins(() -> Watcher.rtmp(server.port("rtmp"), "late")));
    }

    @Test
    void byHttpFlv() throws Exception {
        assertAtOnce(() -> joins(() -> Watcher.httpFlv(server.port("httpflv"), "late")));
    }

    @Test
    void byWebSocket() throws Exception {
        assertAtOnce(() -> joins(() -> Watcher.webSocket(server.port("httpflv"), "late")));
    }

    @Test
    void byHls() throws Exception {
        assertAtOnce(this::joinsOfHls);
    }

    private List<Duration> joinsOfHls() throws Exception {
        List<Duration> waits = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < JOINS; i++) {
                someTimeLater();
                long asked = System.nanoTime();
                URI playlist = URI.create(server.hls("live/late"));
                String first = get(http, playlist)
                        .lines()
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .findFirst()
                        .orElseThrow();
                byte[] segment = http.send(
                                HttpRequest.newBuilder(playlist.resolve(first)).build(), BodyHandlers.ofByteArray())
                        .body();
                waits.add(Duration.ofNanos(System.nanoTime() - asked));
                TsCheck.Segment content = new TsCheck().segment(segment, true);
                assertThat(content.video()).isNotEmpty();
                assertThat(TsCheck.independent(content)).isTrue();
            }
        }
        return waits;
    }

    private static String get(HttpClient http, URI from) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(from).build(), BodyHandlers.ofString())
                .body();
    }

    /** From each request to its first key frame. */
    private List<Duration> joins(Supplier<Watcher> viewer) {
        List<Duration> waits = new ArrayList<>();
        int cached = 0;
        for (int i = 0; i < JOINS; i++) {
            someTimeLater();
            long newest = running.newest();
            long asked = System.nanoTime();
            try (Watcher watcher = viewer.get()) {
                await().pollInterval(Duration.ofMillis(1)).atMost(SOON).until(() -> watcher.newest() != Long.MIN_VALUE);
                waits.add(Duration.ofNanos(System.nanoTime() - asked));
                assertBeginsWell(watcher);
                cached += firstPicture(watcher).timestamp() <= newest ? 1 : 0;
            }
        }
        // Whoever waited for the next key frame would never get an older one; the others only when one comes meanwhile.
        assertThat(cached)
                .as("joins of %d that began with what others had seen before", JOINS)
                .isGreaterThan(2);
        return waits;
    }

    private void someTimeLater() {
        running.awaitMore(moments.nextInt(1_000));
    }

    /** Metadata, both configurations, and only then pictures and sound, of which the first picture is a key frame. */
    private static void assertBeginsWell(Watcher watcher) {
        List<RawRtmp.Frame> frames = watcher.frames();
        List<String> expected = List.of("metadata", "configuration of 9", "configuration of 8");
        assertThat(frames.stream().limit(expected.size()).map(LateJoinIT::kind).toList())
                .as(watcher.name)
                .isEqualTo(expected);
        assertThat(firstPicture(watcher).body()[0] >> 4 & 0x7)
                .as(watcher.name + ": frame type")
                .isEqualTo(1);
    }

    private static RawRtmp.Frame firstPicture(Watcher watcher) {
        return watcher.frames().stream()
                .filter(FlvFrames::isPicture)
                .findFirst()
                .orElseThrow();
    }

    private static String kind(RawRtmp.Frame frame) {
        if (frame.type() == RawRtmp.DATA) {
            return "metadata";
        }
        return (frame.body()[1] == 0 ? "configuration of " : "media of ") + frame.type();
    }

    private static void assertAtOnce(Callable<List<Duration>> joins) throws Exception {
        List<Duration> middle = new ArrayList<>();
        do {
            List<Duration> sorted = joins.call().stream().sorted().toList();
            assertThat(sorted).hasSize(JOINS);
            middle.add(sorted.get(JOINS / 2));
        } while (middle.getLast().compareTo(AT_ONCE) >= 0 && middle.size() < ROUNDS);
        assertThat(middle.getLast())
                .as("from request to key frame, the middle of ten each time: %s", middle)
                .isLessThan(AT_ONCE);
    }
}
