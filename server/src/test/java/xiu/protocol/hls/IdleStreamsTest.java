package xiu.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.check.MediaFeed;
import xiu.check.PlaylistCheck;
import xiu.http.HttpSettings;
import xiu.http.http1.EmbeddedClient;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.Publication;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;

/** What a first viewer is answered of a stream that nobody watched, where there is no memory for such streams. */
class IdleStreamsTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final EmbeddedChannel reader = new EmbeddedChannel();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, timer);
    private final Live<HlsSettings> settings = Live.of(idle(0));
    private final HlsService hls = new HlsService(settings, hub, AccessPolicy.OPEN, reader.eventLoop());
    private EmbeddedClient viewer;
    private Publication publication;
    private int time;

    private static HlsSettings idle(long bytes) {
        HlsLimits usual = HlsLimits.defaults();
        return HlsSettings.defaults()
                .with(new HlsLimits(usual.segmentBytes(), usual.windowBytes(), bytes, usual.heldBytes()));
    }

    @BeforeEach
    void start() {
        reader.freezeTime();
        hub.addListener(hls);
        hls.start();
        publication = hub.feed(new StreamKey("live", "test"), new SamplePublisher("A", 1));
        publication.configure(MediaFeed.AVC);
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

    /** Pictures up to this time in ms, with a key frame every two seconds. */
    private void pass(int to) {
        for (; time < to; time += 40) {
            publication.write(MediaFeed.picture(MediaFeed.AVC, time, time, time % 2000 == 0, 500));
            reader.runPendingTasks();
            reader.advanceTimeBy(40, TimeUnit.MILLISECONDS);
            reader.runScheduledPendingTasks();
        }
    }

    private String get(String path) {
        String reply = viewer.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
        reader.runPendingTasks();
        return reply;
    }

    /** To a request that waited. */
    private String answer() {
        viewer.pass(Duration.ofMillis(1));
        return viewer.received();
    }

    private static List<PlaylistCheck.Entry> listed(String reply) {
        assertThat(reply).startsWith("HTTP/1.1 200 OK\r\n");
        return PlaylistCheck.parse(reply.substring(reply.indexOf("\r\n\r\n") + 4))
                .entries();
    }

    @Test
    void heIsAnsweredAtOnceWhileTheNextSegmentIsShort() {
        pass(20_120);
        List<PlaylistCheck.Entry> first = listed(get("/live/test/test.m3u8"));
        assertThat(first).hasSize(1);
        assertThat(get("/live/test/" + first.getFirst().uri())).startsWith("HTTP/1.1 200 OK\r\n");
        pass(40_400);
        List<PlaylistCheck.Entry> later = listed(get("/live/test/test.m3u8"));
        assertThat(later).hasSize(6);
        assertThat(later.getLast().number()).isEqualTo(first.getFirst().number() + 10);
    }

    @Test
    void heWaitsForTheNextSegmentWhenATenthOfItIsThere() {
        pass(20_600);
        assertThat(hls.memory()).isZero();
        assertThat(get("/live/test/test.m3u8")).isEmpty();
        pass(22_080);
        List<PlaylistCheck.Entry> first = listed(answer());
        assertThat(first).hasSize(1);
        assertThat(get("/live/test/" + first.getFirst().uri())).startsWith("HTTP/1.1 200 OK\r\n");
    }

    /** The share is that of the settings now. */
    @Test
    void moreMemoryForThemCountsAtOnce() {
        pass(20_400);
        settings.set(idle(10 << 20));
        pass(40_400);
        assertThat(listed(get("/live/test/test.m3u8"))).hasSize(6);
    }
}
