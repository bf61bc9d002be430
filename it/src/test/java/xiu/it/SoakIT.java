package xiu.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A server through rounds of everything that clients do ({@link SoakRound}). Then they are gone, and so is all that was
 * made for them: streams, viewers, connections, timers, descriptors, threads and memory. `benchmarks/soak.sh` runs it for
 * an hour.
 */
@Tag("long")
class SoakIT {
    /** How long, as the script says; without it a few rounds. */
    private static final String MINUTES = "xiu.soak.minutes";

    private static final int FEWEST_ROUNDS = 3;

    /** How often figures are taken; in a shorter run, so that there are this many. */
    private static final Duration PERIOD = Duration.ofMinutes(5);

    private static final int SAMPLES = 5;

    /** Slow viewers skip and are closed within seconds. */
    private static final String LIMITS = """
            [transport]
            send_buffer = "32KiB"
            [limits]
            viewer_backlog_time = 1
            viewer_stall_timeout = 3
            viewer_skips = 4
            """;

    private static final String SETTINGS = """
            [rtmp]
            [[rtmp.push]]
            address = "127.0.0.7"
            port = %d
            match = "live/main"
            [hls]
            fragment = 1
            path = "hls"
            [stream]
            grace = 1
            """;

    /** Has its streams from the other one, keeps what is played, and wants tokens. */
    private static final String EDGE = """
            [authsecret]
            password = "quiet"
            [rtmp.auth]
            push_enabled = true
            [hls.auth]
            pull_enabled = true
            [rtmp]
            [[rtmp.pull]]
            address = "127.0.0.1"
            port = %d
            match = "live/main"
            wait = 5
            linger = 1
            [hls]
            fragment = 1
            path = "hls"
            need_record = true
            [stream]
            grace = 1
            """;

    /** An address of its own, so that no connection of the many can be on its port while it is away. */
    private static final String TARGET = """
            [rtmp]
            address = "127.0.0.7"
            port = %d
            """;

    /**
     * As users start it, with the whole heap resident from the beginning: what the process grows by is then outside it.
     */
    private static final String[] JVM = {"-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", DirectMemory.ASKABLE};

    @Test
    void whatClientsLeaveBehindIsNothing() {
        int far = FreePorts.next();
        Path table = table();
        try (XiuProcess server = XiuProcess.start(SETTINGS.formatted(far) + LIMITS, JVM);
                XiuProcess edge = XiuProcess.start(EDGE.formatted(server.port("rtmp")) + LIMITS, JVM)) {
            SoakRound round = new SoakRound(server, edge, () -> XiuProcess.start(TARGET.formatted(far)));
            round.warmUp();
            List<SoakCourse> courses =
                    List.of(new SoakCourse("origin", server, false, table), new SoakCourse("edge", edge, true, table));
            courses.forEach(SoakCourse::sample);
            int rounds = run(round, Duration.ofMinutes(Long.getLong(MINUTES, 0)), courses);
            SoftAssertions.assertSoftly(softly -> courses.forEach(course -> course.assertNoGrowth(softly, rounds)));
        }
    }

    /** A new one; each sample is added at once, so that a run that is cut off shows them too. */
    private static Path table() {
        try {
            Path table = Workspace.directory("soak").resolve("figures.txt");
            return Files.writeString(table, SoakSample.HEAD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rounds until the time is over, with a sample now and then and one in the end. */
    private static int run(SoakRound round, Duration howLong, List<SoakCourse> courses) {
        long begun = System.nanoTime();
        Duration period = howLong.dividedBy(SAMPLES);
        period = period.compareTo(PERIOD) > 0 ? PERIOD : period;
        long next = begun + period.toNanos();
        int rounds = 0;
        boolean fresh = false;
        while (rounds < FEWEST_ROUNDS || System.nanoTime() - begun < howLong.toNanos()) {
            round.run();
            rounds++;
            fresh = !howLong.isZero() && System.nanoTime() - next >= 0;
            if (fresh) {
                courses.forEach(SoakCourse::sample);
                next += period.toNanos();
            }
        }
        if (!fresh) {
            courses.forEach(SoakCourse::sample);
        }
        return rounds;
    }
}
