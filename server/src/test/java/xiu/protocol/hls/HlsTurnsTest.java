package xiu.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.check.MediaFeed;
import xiu.http.HttpSettings;
import xiu.http.http1.EmbeddedClient;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.Publication;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;

/** When a stream is read for HLS, by a clock that stands still unless it is moved. */
class HlsTurnsTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final EmbeddedChannel reader = new EmbeddedChannel();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, timer);
    private final HlsService hls =
            new HlsService(Live.of(HlsSettings.defaults()), hub, AccessPolicy.OPEN, reader.eventLoop());
    private EmbeddedClient viewer;
    private Publication publication;

    @BeforeEach
    void start() {
        reader.freezeTime();
        hub.addListener(hls);
        hls.start();
        publication = hub.feed(new StreamKey("live", "test"), new SamplePublisher("A", 1));
        viewer = new EmbeddedClient(HttpSettings.defaults(), hls.routes());
    }

    @AfterEach
    void stop() {
        viewer.close();
        hub.stop();
        hls.stop();
        reader.runPendingTasks();
        reader.finishAndReleaseAll();
        timer.shutdownNow();
    }

    private void pictures(int from, int to) {
        for (int time = from; time < to; time += 40) {
            publication.write(MediaFeed.picture(MediaFeed.AVC, time, time + 80, time % 2000 == 0, 50));
        }
        reader.runPendingTasks();
    }

    private void sounds(int from, int to) {
        for (int time = from; time < to; time += 40) {
            publication.write(MediaFeed.sound(MediaFeed.AAC, time * 1000L, 50));
        }
        reader.runPendingTasks();
    }

    private void pass(long millis) {
        reader.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        reader.runScheduledPendingTasks();
    }

    private int segments() {
        String reply = viewer.send("GET /live/test/test.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n");
        // Who comes first has the stream read.
        reader.runPendingTasks();
        return (int) reply.lines().filter(line -> line.endsWith(".ts")).count();
    }

    @Test
    void whoWatchesHasASegmentAsSoonAsTheKeyFrameIsHereThatEndsIt() {
        publication.configure(MediaFeed.AVC);
        pictures(0, 2_040);
        pass(1_000);
        assertThat(segments()).isEqualTo(1);
        pictures(2_040, 4_000);
        assertThat(segments()).isEqualTo(1);
        pictures(4_000, 4_040);
        assertThat(segments()).isEqualTo(2);
    }

    @Test
    void withoutPicturesASegmentIsThereAQuarterOfASecondLater() {
        publication.configure(MediaFeed.AAC);
        sounds(0, 2_600);
        pass(1_000);
        segments();
        pass(1_000);
        int before = segments();
        // The first one is read at once, since nothing had come for a while, the others at the next turn.
        sounds(2_600, 2_640);
        sounds(2_640, 4_600);
        pass(249);
        assertThat(segments()).isEqualTo(before);
        pass(1);
        assertThat(segments()).isGreaterThan(before);
    }
}
