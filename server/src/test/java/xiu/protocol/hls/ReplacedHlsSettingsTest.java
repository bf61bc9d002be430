package xiu.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.check.MediaFeed;
import xiu.segment.IdleBudget;
import xiu.segment.SegmentParts;
import xiu.segment.format.TsSegments;
import xiu.segment.window.SegmentNumbers;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.Publication;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;
import xiu.transport.BindAddress;

/** A stream keeps to the settings that were there when it began: its target duration must never change. */
class ReplacedHlsSettingsTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final EmbeddedChannel reader = new EmbeddedChannel();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, timer);
    private final Live<HlsSettings> settings = Live.of(HlsSettings.defaults());
    private final HlsParts parts = new HlsParts(
            settings,
            new SegmentParts(
                    TsSegments.FORMAT,
                    UnpooledByteBufAllocator.DEFAULT,
                    System::currentTimeMillis,
                    System::nanoTime,
                    new SegmentNumbers(System::currentTimeMillis),
                    new IdleBudget(() -> 32 << 20)),
            new HlsCounters(),
            null);

    private final List<HlsStream> streams = new ArrayList<>();

    private final class Fed {
        private final Publication publication;
        private final HlsStream hls;

        private Fed(String name) {
            publication = hub.feed(new StreamKey("live", name), new SamplePublisher("A", 1));
            hls = new HlsStream(publication.stream(), parts, reader.eventLoop(), null);
            streams.add(hls);
            hls.start(() -> {});
            publication.configure(MediaFeed.AVC);
        }

        /** The playlist after these pictures, of which one in two seconds is a key frame. */
        private String playlist(int from, int to) {
            for (int time = from; time < to; time += 40) {
                publication.write(MediaFeed.picture(MediaFeed.AVC, time, time + 80, time % 2_000 == 0, 50));
                reader.advanceTimeBy(40, TimeUnit.MILLISECONDS);
                reader.runPendingTasks();
                reader.runScheduledPendingTasks();
            }
            reader.advanceTimeBy(1, TimeUnit.SECONDS);
            reader.runScheduledPendingTasks();
            reader.runPendingTasks();
            PlaylistReplies replies = hls.replies();
            assertThat(replies).isNotNull();
            return replies.playlist().text("");
        }
    }

    @AfterEach
    void stop() {
        hub.stop();
        reader.runPendingTasks();
        streams.forEach(stream -> stream.forget(false));
        reader.finishAndReleaseAll();
        timer.shutdownNow();
    }

    @Test
    void theNextStreamHasTheNewFragments() {
        reader.freezeTime();
        Fed before = new Fed("before");
        assertThat(before.playlist(0, 6_040)).contains("#EXT-X-TARGETDURATION:2\n");
        settings.set(new HlsSettings(
                true, 0, BindAddress.ANY, Duration.ofSeconds(4), 3, Optional.empty(), false, 1, HlsLimits.defaults()));
        Fed after = new Fed("after");
        assertThat(after.playlist(0, 12_040)).contains("#EXT-X-TARGETDURATION:4\n");
        assertThat(before.playlist(6_040, 20_040)).contains("#EXT-X-TARGETDURATION:2\n");
    }
}
