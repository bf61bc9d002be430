package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A server through rounds of everything that clients do ({@link SoakRound}). Then they are gone, and so is all that was
 * made for them: streams, viewers, connections, timers, descriptors, threads and memory. `benchmarks/soak.sh` runs it for
 * an hour.
 */
class SoakIT {
    /** How long, as the script says; without it a few rounds. */
    private static final String MINUTES = "xiu.soak.minutes";

    private static final int FEWEST_ROUNDS = 3;

    /** Ended streams stay on HLS for a minute. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(100);

    /** What a JVM's own caches may grow by. */
    private static final long HEAP_SLACK = 4 << 20;

    /** Blocks that the allocator may keep after its peak; a live stream needs about twenty. */
    private static final long BLOCK_SLACK = 100;

    private static final String SETTINGS = """
            [rtmp]
            [[rtmp.push]]
            address = "127.0.0.7"
            port = %d
            match = "live/main"
            [hls]
            fragment = 1
            [stream]
            grace = 1
            [transport]
            send_buffer = "32KiB"
            [limits]
            handshake_timeout = 2
            viewer_backlog_time = 1
            viewer_stall_timeout = 3
            viewer_skips = 4
            """;

    /** An address of its own, so that no connection of the many can be on its port while it is away. */
    private static final String TARGET = """
            [rtmp]
            address = "127.0.0.7"
            port = %d
            """;

    @Test
    void whatClientsLeaveBehindIsNothing() {
        int far = RelayRecorder.freePort();
        try (XiuProcess server = XiuProcess.start(SETTINGS.formatted(far))) {
            SoakRound round = new SoakRound(server, () -> XiuProcess.start(TARGET.formatted(far)));
            round.warmUp();
            LiveObjects objects = LiveObjects.of(server);
            ServerFigures figures = ServerFigures.of(server);
            int rounds = run(round, Duration.ofMinutes(Long.getLong(MINUTES, 0)));
            assertEverythingIsGone(server);
            assertAsBefore(server, objects, figures, rounds);
        }
    }

    private static int run(SoakRound round, Duration howLong) {
        long begun = System.nanoTime();
        int rounds = 0;
        while (rounds < FEWEST_ROUNDS || System.nanoTime() - begun < howLong.toNanos()) {
            round.run();
            rounds++;
        }
        return rounds;
    }

    private static void assertEverythingIsGone(XiuProcess server) {
        await().atMost(LAST_WORDS)
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(LiveObjects.of(server).undead())
                        .as("what nobody uses any more")
                        .isEmpty());
    }

    private static void assertAsBefore(XiuProcess server, LiveObjects objects, ServerFigures figures, int rounds) {
        LiveObjects left = LiveObjects.of(server);
        ServerFigures now = ServerFigures.of(server);
        String course = "%d rounds: %s, %d bytes of heap, %d direct blocks; then %s, %d, %d: "
                .formatted(
                        rounds,
                        figures,
                        objects.bytes(),
                        objects.directBlocks(),
                        now,
                        left.bytes(),
                        left.directBlocks());
        write(course);
        assertThat(left.grownSince(objects, rounds))
                .as(course + "one for each round, or more")
                .isEmpty();
        assertThat(now.descriptors()).as(course + "descriptors").isLessThanOrEqualTo(figures.descriptors());
        assertThat(now.threads()).as(course + "threads").isLessThanOrEqualTo(figures.threads() + 2);
        assertThat(left.bytes()).as(course + "heap").isLessThan(objects.bytes() + HEAP_SLACK);
        assertThat(left.directBlocks()).as(course + "direct memory").isLessThan(objects.directBlocks() + BLOCK_SLACK);
    }

    private static void write(String course) {
        try {
            Files.writeString(Workspace.directory("soak").resolve("figures.txt"), course + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
