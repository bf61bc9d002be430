package xiu.stream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.media.SampleMedia;
import xiu.metrics.Metric;
import xiu.metrics.Registry;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessRequest;
import xiu.stream.AccessRequest.Action;
import xiu.stream.AccessRequest.Credentials;
import xiu.stream.EndReason;
import xiu.stream.Publication;
import xiu.stream.SampleStreams;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.Viewer;
import xiu.stream.settings.StreamSettings.OnConflict;

class StreamMetricsTest {
    private static final StreamKey ONE = new StreamKey("live", "one");
    private static final StreamKey TWO = new StreamKey("live", "two");

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final StreamHub hub = new StreamHub(
            SampleStreams.settings(changes -> changes.on(OnConflict.REJECT).grace(0)), AccessPolicy.OPEN, timer);
    private final Registry registry = new Registry();

    StreamMetricsTest() {
        StreamMetrics.register(hub, registry);
    }

    @AfterEach
    void stop() {
        hub.stop();
        timer.shutdownNow();
    }

    /** All values but those of the registry itself and of memory, by name and labels. */
    private Map<String, Double> values() {
        Map<String, Double> found = new TreeMap<>();
        for (Metric metric : registry.read()) {
            for (Metric.Value value : metric.values()) {
                found.put(metric.definition().name() + value.labels(), value.number());
            }
        }
        found.keySet().removeIf(name -> name.startsWith("xiu_metrics") || name.contains("log_bytes"));
        return found;
    }

    private static void write(Publication to, int millis, boolean key) {
        to.write(SampleMedia.packet(SampleMedia.VIDEO, millis, key));
    }

    @Test
    void countsWhatComesAndGoesPerStreamAndInAll() {
        Publication one = hub.feed(ONE, new SamplePublisher("A", 1));
        Publication two = hub.feed(TWO, new SamplePublisher("B", 1));
        write(one, 0, true);
        write(one, 40, false);
        write(one, 80, true);
        write(two, 0, true);
        long bytes = one.stream().counters().bytes();
        assertThat(bytes).isPositive();
        Viewer viewer = one.stream().join(SampleStreams.peer("V", 2), reason -> {});
        viewer.sent(1_000);
        viewer.skipped();
        assertThat(values())
                .containsEntry("xiu_streams[]", 2.0)
                .containsEntry("xiu_publishers[]", 2.0)
                .containsEntry("xiu_streams_begun_total[]", 2.0)
                .containsEntry("xiu_publications_total[]", 2.0)
                .containsEntry("xiu_received_packets_total[]", 4.0)
                .containsEntry("xiu_received_key_frames_total[]", 3.0)
                .containsEntry("xiu_stream_received_packets_total[live/one]", 3.0)
                .containsEntry("xiu_stream_received_bytes_total[live/one]", (double) bytes)
                .containsEntry("xiu_stream_received_key_frames_total[live/one]", 2.0)
                .containsEntry("xiu_stream_received_packets_total[live/two]", 1.0)
                .containsEntry("xiu_stream_viewers[live/one]", 1.0)
                .containsEntry("xiu_stream_viewers[live/two]", 0.0)
                .containsEntry("xiu_stream_sent_bytes_total[live/one]", 1_000.0)
                .containsEntry("xiu_sent_bytes_total[test]", 1_000.0)
                .containsEntry("xiu_viewers[test]", 1.0)
                .containsEntry("xiu_viewers_joined_total[test]", 1.0)
                .containsEntry("xiu_viewer_skips_total[test]", 1.0);
        viewer.leave(EndReason.TOO_SLOW);
        assertThat(values())
                .containsEntry("xiu_viewers_left_total[too_slow]", 1.0)
                .doesNotContainKey("xiu_viewers[test]")
                .containsEntry("xiu_sent_bytes_total[test]", 1_000.0);
    }

    /** Who reads a counter takes a fall for a restart, and adds all of it once more. */
    @Test
    void sumsNeverFallWhenAStreamEnds() {
        Publication one = hub.feed(ONE, new SamplePublisher("A", 1));
        write(one, 0, true);
        double bytes = values().get("xiu_received_bytes_total[]");
        one.end(EndReason.GOODBYE);
        assertThat(hub.find(ONE)).isNull();
        assertThat(values())
                .containsEntry("xiu_streams[]", 0.0)
                .containsEntry("xiu_publishers[]", 0.0)
                .containsEntry("xiu_received_bytes_total[]", bytes)
                .containsEntry("xiu_received_packets_total[]", 1.0)
                .containsEntry("xiu_publications_ended_total[goodbye]", 1.0)
                .doesNotContainKey("xiu_stream_received_bytes_total[live/one]");
    }

    @Test
    void refusalsAreCountedByTheirReasonAndOnce() {
        hub.feed(ONE, new SamplePublisher("A", 1));
        AccessRequest publish = new AccessRequest(Action.PUBLISH, ONE, SampleStreams.peer("B", 2), Credentials.NONE);
        assertThat(hub.publish(publish, new SamplePublisher("B", 2))).isCompletedExceptionally();
        AccessRequest play = new AccessRequest(Action.PLAY, TWO, SampleStreams.peer("C", 3), Credentials.NONE);
        assertThat(hub.play(play)).isCompletedExceptionally();
        assertThat(hub.play(play)).isCompletedExceptionally();
        assertThat(values())
                .containsEntry("xiu_publish_refusals_total[busy]", 1.0)
                .containsEntry("xiu_play_refusals_total[not_found]", 2.0)
                .doesNotContainKey("xiu_publish_refusals_total[not_found]");
    }
}
