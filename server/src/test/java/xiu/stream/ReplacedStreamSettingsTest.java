package xiu.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.settings.Live;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.settings.LatencyMode;
import xiu.stream.settings.StreamPattern;
import xiu.stream.settings.StreamSettings;
import xiu.stream.settings.StreamSettings.OnConflict;
import xiu.stream.settings.StreamSettings.Rule;

/** What a running hub makes of settings that are replaced. */
class ReplacedStreamSettingsTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final ManualTimer timer = new ManualTimer();
    private final Live<StreamSettings> settings =
            Live.of(SampleStreams.settings(changes -> changes.on(OnConflict.REJECT)));
    private final StreamHub hub = new StreamHub(settings, AccessPolicy.OPEN, timer);

    @AfterEach
    void stop() {
        hub.stop();
        timer.shutdownNow();
    }

    @Test
    void theNextConflictGoesByTheNewRule() {
        Publication held = hub.feed(KEY, new SamplePublisher("A", 1));
        SamplePublisher second = new SamplePublisher("B", 1);
        assertThatThrownBy(() -> hub.feed(KEY, second)).hasMessageContaining("is published by");
        settings.set(SampleStreams.settings(changes -> changes.on(OnConflict.TAKEOVER)));
        assertThat(hub.feed(KEY, second).stream()).isSameAs(held.stream());
    }

    @Test
    void fewerStreamsEndNoneOfThoseThatLive() {
        MediaStream first = hub.feed(KEY, new SamplePublisher("A", 1)).stream();
        StreamKey other = new StreamKey("live", "other");
        hub.feed(other, new SamplePublisher("B", 1));
        settings.set(SampleStreams.settings(changes -> changes.streams(1)));
        assertThat(hub.streams()).hasSize(2);
        StreamKey third = new StreamKey("live", "third");
        assertThatThrownBy(() -> hub.feed(third, new SamplePublisher("C", 1))).hasMessageContaining("1 live already");
        settings.set(SampleStreams.settings(changes -> changes.streams(3)));
        hub.feed(third, new SamplePublisher("C", 1));
        assertThat(Objects.requireNonNull(hub.find(KEY))).isSameAs(first);
    }

    @Test
    void theNextLossHasTheNewGrace() {
        settings.set(SampleStreams.settings(changes -> changes.grace(0)));
        hub.feed(KEY, new SamplePublisher("A", 1)).end(EndReason.CONNECTION_LOST);
        assertThat(hub.streams()).isEmpty();
        settings.set(SampleStreams.settings(changes -> changes.grace(5)));
        hub.feed(KEY, new SamplePublisher("A", 1)).end(EndReason.CONNECTION_LOST);
        assertThat(hub.streams()).hasSize(1);
        assertThat(timer.waiting()).isEqualTo(1);
    }

    @Test
    void aNewRuleSelectsStreamsThatLiveAlready() {
        MediaStream stream = hub.feed(KEY, new SamplePublisher("A", 1)).stream();
        assertThat(stream.settings().latencyOf("live/test")).isEqualTo(LatencyMode.LOW);
        StreamSettings now = settings.now();
        settings.set(new StreamSettings(
                now.onConflict(),
                now.grace(),
                now.publishTimeout(),
                now.latency(),
                List.of(new Rule(StreamPattern.parse("live/*"), LatencyMode.ADAPTIVE)),
                now.gopNum(),
                now.limits()));
        assertThat(stream.settings().latencyOf("live/test")).isEqualTo(LatencyMode.ADAPTIVE);
    }
}
