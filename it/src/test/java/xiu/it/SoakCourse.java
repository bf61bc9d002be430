package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.assertj.core.api.SoftAssertions;

/** The figures of one server over a soak, written down as they are taken, and what they must not do: grow. */
final class SoakCourse {
    /** Ended streams stay on HLS for a minute. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(100);

    /** What a JVM's own caches may grow by, KiB; it was 34 in a run of twenty minutes. */
    private static final long HEAP_SLACK = 1 << 10;

    /** What an allocator may keep after its peak, KiB. */
    private static final long DIRECT_SLACK = 8 << 10;

    /** What malloc and the compiler may keep besides, KiB. */
    private static final long RESIDENT_SLACK = 24 << 10;

    /** The same where a process has only begun: its code, and what it needed once at most. */
    private static final long COLD_SLACK = 64 << 10;

    /** Samples from which a direction can be told. */
    private static final int COURSE = 5;

    /** Samples, of so many, that are left out while a server warms up. */
    private static final int WARM = 4;

    private final String name;
    private final XiuProcess server;
    private final SoakDisk disk;
    private final Path table;
    private final long begun = System.nanoTime();
    private final List<SoakSample> samples = new ArrayList<>();

    /** Of a server whose folder {@code hls} is to be empty in the end, unless it is {@code recording}. */
    SoakCourse(String name, XiuProcess server, boolean recording, Path table) {
        this.name = name;
        this.server = server;
        this.disk = new SoakDisk(server.directory().resolve("hls"), recording);
        this.table = table;
    }

    /** Waits until everything is gone that belongs to somebody, and writes down the rest. */
    void sample() {
        await(name + ": what nobody uses any more")
                .atMost(LAST_WORDS)
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> {
                    assertThat(LiveObjects.of(server).undead()).isEmpty();
                    assertThat(disk.wrong()).isEmpty();
                });
        double minutes = (System.nanoTime() - begun) / 60e9;
        SoakSample sample = SoakSample.of(server, minutes, disk.files());
        samples.add(sample);
        write(sample.line(name));
    }

    private void write(String text) {
        try {
            Files.writeString(table, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing has grown since the server was warm: not in the end, and not slowly all the time. */
    void assertNoGrowth(SoftAssertions softly, int rounds) {
        boolean cold = samples.size() < WARM;
        List<SoakSample> warm = cold ? samples : samples.subList(1, samples.size());
        SoakSample first = warm.getFirst();
        SoakSample last = warm.getLast();
        // A short run has met only a few classes before; in a long one all that is between rounds is the same.
        int few = cold ? rounds : Math.min(rounds, warm.size());
        softly.assertThat(last.objects().grownSince(first.objects(), few))
                .as(name + ": " + few + " objects more, or many more")
                .isEmpty();
        softly.assertThat(last.process().descriptors())
                .as(name + ": descriptors")
                .isLessThanOrEqualTo(first.process().descriptors());
        softly.assertThat(last.process().threads())
                .as(name + ": threads")
                .isLessThanOrEqualTo(first.process().threads() + 2);
        assertSteady(softly, "heap", SoakSample::heapKiB, warm, HEAP_SLACK);
        assertSteady(softly, "direct memory", SoakSample::directKiB, warm, DIRECT_SLACK);
        assertSteady(softly, "resident memory", SoakSample::residentKiB, warm, cold ? COLD_SLACK : RESIDENT_SLACK);
    }

    private void assertSteady(
            SoftAssertions softly, String what, ToLongFunction<SoakSample> figure, List<SoakSample> warm, long slack) {
        long grown = figure.applyAsLong(warm.getLast()) - figure.applyAsLong(warm.getFirst());
        softly.assertThat(grown)
                .as(name + ": " + what + ", KiB more than at first")
                .isLessThan(slack);
        if (warm.size() >= COURSE) {
            double slope = slope(warm, figure);
            double hours = (warm.getLast().minutes() - warm.getFirst().minutes()) / 60;
            write("%s: %s %+.0f KiB an hour%n".formatted(name, what, slope));
            softly.assertThat(slope * hours)
                    .as(name + ": " + what + ", KiB that it grew by steadily")
                    .isLessThan(slack / 2.0);
        }
    }

    /** KiB an hour: the median of the slopes between any two samples, so that one that is out of line says nothing. */
    private static double slope(List<SoakSample> warm, ToLongFunction<SoakSample> figure) {
        List<Double> slopes = new ArrayList<>();
        for (int i = 0; i < warm.size(); i++) {
            for (int j = i + 1; j < warm.size(); j++) {
                long grown = figure.applyAsLong(warm.get(j)) - figure.applyAsLong(warm.get(i));
                slopes.add(grown * 60 / (warm.get(j).minutes() - warm.get(i).minutes()));
            }
        }
        slopes.sort(null);
        return slopes.isEmpty() ? 0 : slopes.get(slopes.size() / 2);
    }
}
