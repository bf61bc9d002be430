package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Publishers and players on bad links: 5 % loss, 200 ms of delay, and 1 Mbit/s under a stream of 2 Mbit/s. Players on
 * the good side get every picture; those on the bad side none that is broken, and none that is old. The links are
 * {@link BadLink}s, because `netem` is not in every kernel; `it/bad-network.sh` does the same with the kernel's means.
 */
class BadNetworkIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final BadLink.Quality LOSSY = new BadLink.Quality(1L << 27, Duration.ofMillis(20), 5);
    private static final BadLink.Quality FAR = new BadLink.Quality(1L << 27, Duration.ofMillis(200), 0);
    private static final BadLink.Quality NARROW = BadLink.Quality.ofRate(125_000);
    private static final Path CLIP = TestClips.noisy(640);

    /** Backlog, a group of pictures and what sockets hold; without skipping it would be half of {@link #COURSE}, ms. */
    private static final long OLDEST = 3_000;

    private static final long COURSE = 8_000;

    private final XiuProcess server = XiuProcess.start("""
            [stream]
            grace = 1
            [transport]
            send_buffer = "32KiB"
            [limits]
            viewer_backlog_time = 1
            viewer_skips = 0
            """);

    /** A publisher and a player on links of the same quality, and a player without one. */
    private final class Scene implements AutoCloseable {
        final String name;
        final boolean thin;
        final BadLink ingest;
        final BadLink delivery;
        final ExternalProcess publisher;
        final Watcher good;
        final Watcher bad;
        long oldest;

        Scene(String name, BadLink.Quality in, BadLink.Quality out) {
            this.name = name;
            thin = in == NARROW;
            ingest = BadLink.to(server.port("rtmp"), in);
            // Half of the scenes by RTMP, half by HTTP.
            delivery = BadLink.to(server.port(in == out ? "httpflv" : "rtmp"), out);
            publisher = MediaTools.publishForEver(CLIP, "rtmp://127.0.0.1:%d/live/%s".formatted(ingest.port(), name));
            server.awaitLog("event=publish .*stream=live/" + name, SOON);
            good = Watcher.httpFlv(server.port("httpflv"), name);
            bad = in == out ? Watcher.webSocket(delivery.port(), name) : Watcher.rtmp(delivery.port(), name);
        }

        /** Whether both have played this long, ms. */
        boolean hasPlayed(long millis) {
            if (good.pictures().isEmpty() || bad.pictures().isEmpty()) {
                return false;
            }
            oldest = Math.max(oldest, good.newest() - bad.newest());
            return good.pictures().size() > millis * 25 / 1_000;
        }

        void end() {
            publisher.signal("INT");
            if (thin) {
                // What is still under way would take as long again.
                ingest.close();
            }
            good.awaitEnd();
            bad.awaitEnd();
        }

        void assertSound() {
            List<Integer> source = FlvFrames.ofClip(CLIP).stream()
                    .filter(FlvFrames::isPicture)
                    .map(FlvFrames::mark)
                    .toList();
            GoodStream.assertLoops(name, good.pictures(), source);
            good.assertSound();
            bad.assertWholeGroups(List.of(source));
            bad.assertSound();
            assertThat(oldest)
                    .as(name + ": how old what a player gets may be, ms")
                    .isLessThan(OLDEST);
        }

        @Override
        public void close() {
            publisher.close();
            good.close();
            bad.close();
            ingest.close();
            delivery.close();
        }
    }

    @Test
    void playersOnTheGoodSideGetAllAndThoseOnTheBadSideNothingBrokenOrOld() {
        try (Scene lossy = new Scene("lossy", LOSSY, LOSSY);
                Scene far = new Scene("far", FAR, FAR);
                Scene narrow = new Scene("narrow", BadLink.Quality.perfect(), NARROW);
                Scene thin = new Scene("thin", NARROW, LOSSY)) {
            List<Scene> scenes = List.of(lossy, far, narrow, thin);
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> scenes.stream()
                            // A publisher behind a link of half its rate takes twice as long.
                            .map(scene -> scene.hasPlayed(scene.thin ? COURSE / 4 : COURSE))
                            .reduce(true, Boolean::logicalAnd));
            scenes.forEach(Scene::end);
            scenes.parallelStream().forEach(Scene::assertSound);
            assertThat(narrow.bad.skips()).isGreaterThanOrEqualTo(2);
            assertThat(Stream.of(lossy, far).map(scene -> scene.bad.skips())).containsOnly(0);
            assertThat(lossy.delivery.lost()).isPositive();
            assertThat(far.oldest).as("the delay of the far link, ms").isGreaterThan(100);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
