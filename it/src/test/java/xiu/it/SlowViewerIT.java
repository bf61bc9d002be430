package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Viewers that take less than the stream, by every way there is: they skip, and what they get is whole. */
class SlowViewerIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    /** About half of what the clips need, bytes a second. */
    private static final long HALF = 130_000;

    /** How far a viewer may be behind, ms. */
    private static final long BACKLOG = 1_000;

    /** Enough that none is sent away before the other resolution has come. */
    private static final int SKIPS = 10;

    private static final String SETTINGS = """
            [transport]
            send_buffer = "32KiB"
            [limits]
            viewer_backlog_time = 1
            viewer_stall_timeout = 6
            """;

    private static final Path WIDE = TestClips.noisy(640);
    private static final Path NARROW = TestClips.noisy(480);

    private static final List<Integer> WIDE_PICTURES = pictures(WIDE);
    private static final List<Integer> NARROW_PICTURES = pictures(NARROW);

    private static List<Integer> pictures(Path clip) {
        return FlvFrames.ofClip(clip).stream()
                .filter(FlvFrames::isPicture)
                .map(FlvFrames::mark)
                .toList();
    }

    /** A stream {@code live/NAME}, over and over, once it is there. */
    private static ExternalProcess publish(Path clip, XiuProcess server, String name) {
        ExternalProcess publisher = MediaTools.publishForEver(clip, server.rtmp("live/" + name));
        server.awaitLog("event=publish .*stream=live/" + name, SOON);
        return publisher;
    }

    @Test
    void theySkipWholeGroupsThroughAnotherResolutionUntilTheirBudgetIsSpent() {
        try (XiuProcess target = XiuProcess.start();
                BadLink toTarget = BadLink.to(target.port("rtmp"), BadLink.Quality.ofRate(HALF));
                XiuProcess server = XiuProcess.start(SETTINGS + """
                        viewer_skips = %d
                        [[rtmp.push]]
                        address = "127.0.0.1"
                        port = %d
                        """.formatted(SKIPS, toTarget.port()));
                BadLink rtmp = BadLink.to(server.port("rtmp"), BadLink.Quality.ofRate(HALF));
                BadLink http = BadLink.to(server.port("httpflv"), BadLink.Quality.ofRate(HALF));
                ExternalProcess wide = publish(WIDE, server, "slow");
                Crowd deaf = new Crowd();
                Watcher good = Watcher.httpFlv(server.port("httpflv"), "slow");
                Watcher alsoGood = Watcher.rtmp(server.port("rtmp"), "slow");
                Watcher overRtmp = Watcher.rtmp(rtmp.port(), "slow");
                Watcher overHttp = Watcher.httpFlv(http.port(), "slow");
                Watcher overWebSocket = Watcher.webSocket(http.port(), "slow")) {
            deaf.joinDeaf(server.port("httpflv"), RawHttp.request("/live/slow.flv"));
            target.awaitLog("event=publish .*stream=live/slow", SOON);
            try (Watcher behindRelay = Watcher.httpFlv(target.port("httpflv"), "slow")) {
                List<Watcher> slow = List.of(overRtmp, overHttp, overWebSocket);
                slow.forEach(viewer -> viewer.awaitSkips(2));
                behindRelay.awaitSkips(2);
                try (ExternalProcess narrow = MediaTools.publishForEver(NARROW, server.rtmp("live/slow"))) {
                    slow.forEach(Watcher::awaitEnd);
                    // Two of FLV; the deaf one was closed for its silence, long before.
                    server.awaitLog(
                            "(?s)(event=play_end session=\\S+ reason=TOO_SLOW sent=\\d+ skips=%d.*){2}"
                                    .formatted(SKIPS + 1),
                            SOON);
                    server.awaitLog("event=play_end session=\\S+ reason=TOO_SLOW sent=\\d+ skips=[01]$", SOON);
                    server.awaitLog("event=session_end .*reason=TOO_SLOW", SOON);
                    server.awaitLog("event=relay_waiting direction=PUSH .*does not take the stream", SOON);
                    narrow.signal("INT");
                    List.of(good, alsoGood).forEach(Watcher::awaitEnd);
                }
                assertThat(wide.isAlive()).as("the one that was taken over").isFalse();
                slow.forEach(SlowViewerIT::assertBothWidths);
                assertBothWidths(behindRelay);
                List.of(good, alsoGood).forEach(SlowViewerIT::assertEveryPicture);
            }
        }
    }

    private static void assertBothWidths(Watcher viewer) {
        viewer.assertWholeGroups(List.of(WIDE_PICTURES, NARROW_PICTURES));
        Path file = viewer.assertSound();
        Set<String> widths = MediaTools.ffprobe(
                        SOON, "-select_streams", "v", "-show_entries", "frame=width", "-of", "csv=p=0", file.toString())
                .lines()
                .map(line -> line.replace(",", ""))
                .collect(Collectors.toSet());
        assertThat(widths).as(viewer.name + ": widths of its pictures").containsExactlyInAnyOrder("640", "480");
    }

    /** One publisher's up to some picture, and then the other's. */
    private static void assertEveryPicture(Watcher viewer) {
        List<Integer> all = viewer.pictures();
        int change = all.indexOf(NARROW_PICTURES.getFirst());
        assertThat(change).as(viewer.name + ": change").isPositive();
        GoodStream.assertLoops(viewer.name, all.subList(0, change), WIDE_PICTURES);
        GoodStream.assertLoops(viewer.name, all.subList(change, all.size()), NARROW_PICTURES);
        viewer.assertSound();
    }

    @Test
    void oneThatStopsForAWhileIsBackWithinTheBacklogAndStaysThere() {
        try (XiuProcess server = XiuProcess.start(SETTINGS);
                BadLink rtmp = BadLink.to(server.port("rtmp"), BadLink.Quality.perfect());
                BadLink http = BadLink.to(server.port("httpflv"), BadLink.Quality.perfect());
                ExternalProcess publisher = publish(WIDE, server, "steady");
                Watcher steady = Watcher.httpFlv(server.port("httpflv"), "steady");
                Watcher overRtmp = Watcher.rtmp(rtmp.port(), "steady");
                Watcher overHttp = Watcher.httpFlv(http.port(), "steady");
                Watcher overWebSocket = Watcher.webSocket(http.port(), "steady")) {
            List<Watcher> viewers = List.of(overRtmp, overHttp, overWebSocket);
            viewers.forEach(viewer -> viewer.awaitMore(500));
            List.of(rtmp, http).forEach(link -> link.hold(true));
            steady.awaitMore(2 * BACKLOG + 1_000);
            assertThat(viewers).allMatch(viewer -> steady.newest() - viewer.newest() > BACKLOG);
            List.of(rtmp, http).forEach(link -> link.hold(false));
            await().atMost(SOON).until(() -> worstDelay(steady, viewers) < BACKLOG);
            long until = steady.newest() + 3_000;
            await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
                assertThat(worstDelay(steady, viewers))
                        .as("behind the others, ms")
                        .isLessThan(BACKLOG);
                return steady.newest() >= until;
            });
            assertThat(viewers).allMatch(viewer -> viewer.skips() == 1 && !viewer.isEnded());
            assertThat(publisher.isAlive()).isTrue();
            viewers.forEach(Watcher::assertSound);
        }
    }

    private static long worstDelay(Watcher steady, List<Watcher> viewers) {
        long now = steady.newest();
        return viewers.stream().mapToLong(viewer -> now - viewer.newest()).max().orElseThrow();
    }

    @Test
    void aGroupLongerThanTheLogKeepsNobodyWaitingForEver() {
        try (XiuProcess server = XiuProcess.start("""
                        [transport]
                        send_buffer = "32KiB"
                        [hls]
                        fragment = 1
                        [limits]
                        log_bytes = "64KiB"
                        viewer_backlog_bytes = "64KiB"
                        viewer_skips = 0
                        """);
                BadLink http = BadLink.to(server.port("httpflv"), BadLink.Quality.ofRate(HALF));
                ExternalProcess publisher = publish(WIDE, server, "long");
                Watcher slow = Watcher.httpFlv(http.port(), "long");
                Watcher first = Watcher.rtmp(server.port("rtmp"), "long")) {
            first.awaitMore(900);
            try (Watcher second = Watcher.webSocket(server.port("httpflv"), "long")) {
                first.awaitMore(900);
                try (Watcher third = Watcher.httpFlv(server.port("httpflv"), "long")) {
                    List<Watcher> viewers = List.of(slow, first, second, third);
                    viewers.forEach(viewer -> viewer.awaitMore(2_000));
                    slow.awaitSkips(2);
                    assertThat(RawHttp.get(server.port("hls"), "/live/long/long.m3u8"))
                            .isEqualTo(200);
                    publisher.signal("INT");
                    viewers.forEach(Watcher::awaitEnd);
                    viewers.forEach(viewer -> viewer.assertWholeGroups(List.of(WIDE_PICTURES)));
                    viewers.forEach(Watcher::assertSound);
                }
            }
        }
    }
}
