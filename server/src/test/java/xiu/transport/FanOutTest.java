package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.media.SampleFormat;
import xiu.media.SampleFrames;
import xiu.media.SampleMedia;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.SampleStreams;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.LatencyMode;
import xiu.stream.settings.StreamSettings;

class FanOutTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Live<StreamSettings> settings = Live.of(SampleStreams.settings(changes -> changes));
    private final StreamHub hub = new StreamHub(settings, AccessPolicy.OPEN, timer);
    private final Publication publication =
            hub.feed(new StreamKey("live", "test"), new SampleStreams.SamplePublisher("A", 1));
    private final MediaStream stream = publication.stream();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<EndReason> ended = new ArrayList<>();
    private final SampleFrames frames = new SampleFrames();
    private long number;

    @AfterEach
    void nothingIsLeft() {
        hub.stop();
        channel.runPendingTasks();
        receive();
        channel.finishAndReleaseAll();
        timer.shutdownNow();
        assertThat(stream.viewerCount()).isZero();
        assertThat(stream.memory()).isZero();
    }

    @Test
    void aPassWritesAllThatIsNewInOnePiece() {
        play().start();
        publish(100);
        assertThat(channel.outboundMessages()).isEmpty();
        channel.runPendingTasks();
        assertThat(channel.outboundMessages()).hasSize(2); // the preamble and the frames
        receive();
        assertThat(frames.numbers()).hasSize(100);
    }

    @Test
    void anAudienceFollowsANewLatencyWithinASecond() {
        play().start();
        Audience audience = FanOut.of(channel.eventLoop()).audience(stream, SampleFormat.ALL);
        assertThat(audience.latency()).isEqualTo(LatencyMode.LOW);
        settings.set(StreamSettings.defaults());
        channel.freezeTime();
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(audience.latency()).isEqualTo(LatencyMode.ADAPTIVE);
    }

    @Test
    void whatComesWhileTheLoopRestsIsNotForgotten() {
        play().start();
        for (int i = 0; i < 100; i++) {
            publish(1 + i % 3);
            if (i % 2 == 0) {
                channel.runPendingTasks();
            }
        }
        await().untilAsserted(() -> {
            channel.runPendingTasks();
            receive();
            assertThat(frames.newest()).isEqualTo(number - 1);
        });
        assertThat(frames.numbers()).hasSize((int) number).isSorted();
    }

    @Test
    void whatGrowsDuringAPassWaitsForTheNextOne() {
        publish(1);
        List<Playback> crowd = IntStream.range(0, 300).mapToObj(i -> play()).toList();
        crowd.forEach(Playback::start);
        channel.freezeTime();
        channel.runPendingTasks();
        receive();
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runPendingTasks();
        receive();
        // Passes are cheap, and what a busy machine does meanwhile may take longer than the rest between two of them.
        boolean waited = false;
        for (int i = 0; !waited && i < 50; i++) {
            waited = turnsBeforeTheRest() == crowd.size();
        }
        assertThat(waited).isTrue();
        crowd.forEach(Playback::stop);
        channel.unfreezeTime();
        channel.releaseOutbound();
    }

    /** A frame comes, and another one during its pass; how many writes there are until the next pass. */
    private int turnsBeforeTheRest() {
        publish(1);
        // An embedded channel runs tasks after each write: this one after the first turn of the pass.
        channel.eventLoop().execute(() -> publish(1));
        channel.runPendingTasks();
        int turns = channel.outboundMessages().size();
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runPendingTasks();
        // One frame for the first and both for the others; then the second for the first.
        assertThat(channel.outboundMessages()).hasSize(301);
        channel.releaseOutbound();
        return turns;
    }

    @Test
    void oneThatStopsHearsNothingMore() {
        Playback playback = play();
        playback.start();
        publish(1);
        channel.runPendingTasks();
        receive();
        publish(1);
        playback.stop();
        playback.stop();
        channel.runPendingTasks();
        assertThat(channel.outboundMessages()).isEmpty();
        assertThat(ended).isEmpty();
        playback.resume();
        playback.start();
        assertThat(channel.outboundMessages()).isEmpty();
    }

    @Test
    void oneThatComesAfterTheEndHearsOnlyThat() {
        publish(1);
        Playback playback = play();
        publication.end(EndReason.GOODBYE);
        playback.start();
        receive();
        channel.runPendingTasks();
        assertThat(ended).containsExactly(EndReason.GOODBYE);
    }

    @Test
    void aClosedChannelEndsIt() {
        play().start();
        publish(1);
        channel.runPendingTasks();
        receive();
        channel.close();
        publish(1);
        await().untilAsserted(() -> {
            channel.runPendingTasks();
            assertThat(ended).containsExactly(EndReason.CONNECTION_LOST);
        });
    }

    @Test
    void theFirstSeatsAreTakenByWhoeverIsLeft() {
        FanOut fanOut = FanOut.of(channel.eventLoop());
        Audience audience = fanOut.audience(stream, SampleFormat.ALL);
        List<Playback> playbacks = List.of(play(), play(), play());
        playbacks.forEach(audience::add);
        audience.remove(playbacks.get(0));
        audience.remove(playbacks.get(0));
        assertThat(audience.at(0)).isSameAs(playbacks.get(2));
        assertThat(audience.at(2)).isNull();
        assertThat(fanOut.audience(stream, SampleFormat.ALL)).isSameAs(audience);
        audience.remove(playbacks.get(1));
        audience.remove(playbacks.get(2));
        assertThat(audience.size()).isZero();
        assertThat(fanOut.audience(stream, SampleFormat.ALL)).isNotSameAs(audience);
        playbacks.forEach(Playback::stop);
    }

    private Playback play() {
        return new Playback(channel, stream, SampleFormat.ALL, new Playback.Listener() {
            @Override
            public Peer peer() {
                return SampleStreams.peer("V", 1);
            }

            @Override
            public void onPlaybackEnded(EndReason reason) {
                ended.add(reason);
            }
        });
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++, number++) {
            publication.write(SampleMedia.packet(SampleMedia.VIDEO, number * 40, number == 0, number, 8));
        }
    }

    private void receive() {
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            frames.accept(bytes);
            bytes.release();
        }
    }
}
