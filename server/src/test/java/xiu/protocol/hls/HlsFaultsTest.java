package xiu.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.check.MediaFeed;
import xiu.segment.IdleBudget;
import xiu.segment.SegmentParts;
import xiu.segment.format.TsSegments;
import xiu.segment.window.SegmentNumbers;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Publication;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;
import xiu.transport.trouble.Faults;

/** A stream whose segments find no memory for a while: it loses those, and nothing else. */
class HlsFaultsTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final EmbeddedChannel reader = new EmbeddedChannel();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, timer);
    private final List<HlsStream> ended = new ArrayList<>();
    private final long faults = Faults.count("fault_segments");
    private boolean memoryIsOut;
    private Publication publication;
    private MediaStream stream;
    private HlsStream hls;

    private final class ScarceMemory extends AbstractByteBufAllocator {
        private ScarceMemory() {
            super(true);
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return UnpooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            if (memoryIsOut) {
                throw new StackOverflowError("planted");
            }
            return UnpooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    @BeforeEach
    void start() {
        reader.freezeTime();
        publication = hub.feed(new StreamKey("live", "test"), new SamplePublisher("A", 1));
        stream = publication.stream();
        SegmentParts segments = new SegmentParts(
                TsSegments.FORMAT,
                new ScarceMemory(),
                System::currentTimeMillis,
                System::nanoTime,
                new SegmentNumbers(System::currentTimeMillis),
                new IdleBudget(() -> 32 << 20));
        HlsParts parts = new HlsParts(Live.of(HlsSettings.defaults()), segments, new HlsCounters(), null);
        hls = new HlsStream(stream, parts, reader.eventLoop(), null);
        hls.start(() -> ended.add(hls));
        publication.configure(MediaFeed.AVC);
    }

    @AfterEach
    void stop() {
        hub.stop();
        reader.runPendingTasks();
        hls.forget(false);
        reader.finishAndReleaseAll();
        timer.shutdownNow();
        assertThat(ended).containsExactly(hls);
        assertThat(stream.memory()).isZero();
    }

    private void pictures(int from, int to) {
        for (int time = from; time < to; time += 40) {
            publication.write(MediaFeed.picture(MediaFeed.AVC, time, time + 80, time % 2000 == 0, 50));
        }
        reader.advanceTimeBy(1, TimeUnit.SECONDS);
        reader.runScheduledPendingTasks();
        reader.runPendingTasks();
    }

    @Test
    void segmentsComeAgainWhenThereIsMemoryAgain() {
        pictures(0, 4_040);
        long before = hls.bytes();
        assertThat(before).isPositive();
        memoryIsOut = true;
        pictures(4_040, 8_040);
        assertThat(Faults.count("fault_segments")).isGreaterThan(faults);
        memoryIsOut = false;
        pictures(8_040, 14_040);
        assertThat(hls.bytes()).isGreaterThan(before);
        assertThat(hls.replies()).isNotNull();
        assertThat(hls.replies().playlist().toString()).isNotEmpty();
    }

    @Test
    void theEndArrivesWithoutMemoryToo() {
        pictures(0, 4_040);
        memoryIsOut = true;
        pictures(4_040, 8_040);
        publication.end(EndReason.GOODBYE);
        reader.runPendingTasks();
        assertThat(hls.isOver()).isTrue();
    }
}
