package xiu.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.check.MediaFeed;
import xiu.segment.format.TsSegments;
import xiu.segment.window.Segment;
import xiu.segment.window.SegmentNumbers;
import xiu.segment.window.WindowState;
import xiu.stream.AccessPolicy;
import xiu.stream.EndReason;
import xiu.stream.Publication;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;

/** What a stream keeps of which nobody wants segments, by a clock that stands still unless it is moved. */
class IdleSegmentsTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final EmbeddedChannel reader = new EmbeddedChannel();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, timer);
    private final List<Fed> streams = new ArrayList<>();
    private long budget;
    private long millis;
    private final SegmentParts parts = new SegmentParts(
            TsSegments.FORMAT,
            allocator,
            () -> millis,
            () -> TimeUnit.MILLISECONDS.toNanos(millis),
            new SegmentNumbers(() -> 1_735_689_600_000L),
            new IdleBudget(() -> budget));

    /** One stream, of which a key frame comes every two seconds, and who listens. */
    private final class Fed implements SegmentListener {
        private final Publication publication;
        private final StreamSegments segments;
        private @Nullable WindowState state;
        private boolean awaited;
        private boolean recording;
        private long made;

        private Fed(String name) {
            publication = hub.feed(new StreamKey("live", name), new SamplePublisher("A", 1));
            publication.configure(MediaFeed.AVC);
            segments = new StreamSegments(publication.stream(), SegmenterRun.SETTINGS, parts, reader.eventLoop(), null);
            streams.add(this);
            segments.start(List.of(this));
        }

        @Override
        public boolean isAwaited() {
            return awaited;
        }

        @Override
        public boolean needsAll() {
            return recording;
        }

        @Override
        public void onSegment(Segment segment) {
            made++;
        }

        @Override
        public void onWindow(@Nullable WindowState now) {
            state = now;
        }

        @Override
        public void onEnd(EndReason reason) {}

        private List<Long> listed() {
            return state == null
                    ? List.of()
                    : state.segments().stream().map(Segment::number).toList();
        }

        /** Somebody is shown the playlist, or waits for one. */
        private void ask() {
            segments.ask();
            segments.hurry();
            reader.runPendingTasks();
            if (state != null) {
                segments.show(state.segments().getLast().number());
            }
        }
    }

    @BeforeEach
    void freeze() {
        reader.freezeTime();
    }

    @AfterEach
    void stop() {
        hub.stop();
        reader.runPendingTasks();
        streams.forEach(fed -> fed.segments.close());
        reader.finishAndReleaseAll();
        timer.shutdownNow();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(parts.idle().share()).as("nobody is idle any more").isEqualTo(budget);
    }

    /** So many seconds of media to all streams, as time goes by. */
    private void pass(double seconds) {
        for (long end = millis + (long) (seconds * 1000); millis < end; ) {
            for (Fed fed : streams) {
                long time = millis;
                fed.publication.write(MediaFeed.picture(MediaFeed.AVC, time, time, time % 2000 == 0, 1_000));
            }
            wait40();
        }
    }

    private void wait40() {
        reader.runPendingTasks();
        millis += 40;
        reader.advanceTimeBy(40, TimeUnit.MILLISECONDS);
        reader.runScheduledPendingTasks();
    }

    @Test
    void withoutMemoryForItTheNewestStaysUntilATenthOfTheNextIsThere() {
        Fed fed = new Fed("a");
        pass(10);
        int there = 0;
        for (int i = 0; i < 500; i++) {
            pass(0.04);
            assertThat(fed.listed()).hasSizeLessThan(2);
            if (fed.listed().isEmpty()) {
                assertThat(fed.segments.bytes()).isZero();
            } else {
                assertThat(fed.segments.bytes())
                        .isEqualTo(fed.state.segments().getFirst().size());
                there++;
            }
        }
        // A tenth of the time, and until the next read.
        assertThat(there).isBetween(50, 100);
    }

    @Test
    void withMemoryForItAWholePlaylistStays() {
        budget = 10 << 20;
        Fed fed = new Fed("a");
        pass(30);
        assertThat(fed.listed()).hasSize(6);
    }

    @Test
    void theMemoryIsSharedByTheStreamsThatNobodyAsksFor() {
        budget = 10 << 20;
        Fed one = new Fed("a");
        Fed other = new Fed("b");
        pass(10);
        long size = one.state.segments().getFirst().size();
        budget = 6 * size;
        pass(20);
        assertThat(one.listed()).hasSize(3);
        assertThat(other.listed()).hasSize(3);
        one.awaited = true;
        one.ask();
        pass(20);
        assertThat(one.listed()).hasSize(6);
        assertThat(other.listed()).hasSize(6);
    }

    @Test
    void whoComesGetsWhatIsThereAtOnceOrWaitsForTheNextSegment() {
        Fed fed = new Fed("a");
        pass(20.04);
        for (int i = 0; i < 40; i++) {
            millis += TimeUnit.HOURS.toMillis(i == 0 ? 0 : 1) / 2000 * 2000;
            pass(10.2 + i * 0.04);
            fed.ask();
            long asked = millis;
            fed.awaited = true;
            while (fed.listed().isEmpty()) {
                pass(0.04);
            }
            assertThat(millis - asked).isLessThanOrEqualTo(1_880);
            fed.awaited = false;
        }
    }

    @Test
    void numbersGoOnAsIfSomebodyWatched() {
        Fed fed = new Fed("a");
        pass(20);
        fed.awaited = true;
        fed.ask();
        pass(2);
        assertThat(fed.made).isEqualTo(10);
        assertThat(fed.listed()).last().isEqualTo(9L);
        pass(20);
        assertThat(fed.listed()).containsExactly(14L, 15L, 16L, 17L, 18L, 19L);
        assertThat(fed.state.segments()).allSatisfy(segment -> {
            assertThat(segment.discontinuity()).isFalse();
            assertThat(segment.duration()).isEqualTo(2_000_000);
        });
    }

    @Test
    void aWhileAfterTheLastRequestItIsIdleAgainAndWhatWasShownStaysItsTime() {
        Fed fed = new Fed("a");
        pass(20);
        fed.ask();
        pass(35);
        assertThat(fed.listed()).hasSize(6);
        fed.ask();
        long shown = fed.listed().getLast();
        pass(35);
        assertThat(fed.listed()).hasSize(6);
        pass(4);
        assertThat(fed.listed()).hasSizeLessThan(2);
        assertThat(fed.segments.find(shown)).as("shown, and long gone").isNull();
        fed.ask();
        pass(4);
        shown = fed.listed().getLast();
        budget = 0;
        fed.ask();
        assertThat(fed.segments.find(shown)).isNotNull();
    }

    @Test
    void whatNeedsAllSegmentsKeepsThem() {
        Fed fed = new Fed("a");
        fed.recording = true;
        pass(20);
        assertThat(fed.listed()).hasSize(6);
    }

    @Test
    void theNewestPictureOfAStillScreenStays() {
        Fed fed = new Fed("a");
        pass(11);
        for (int i = 0; i < 500; i++) {
            wait40();
        }
        assertThat(fed.listed()).hasSize(1);
        assertThat(fed.segments.find(fed.listed().getFirst())).isNotNull();
    }
}
