package xiu.protocol.rtmp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.container.flv.amf.AmfValue;
import xiu.stream.AccessPolicy;
import xiu.stream.MediaStream;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;

/** Players that choose as many forms of a stream as they can: its publisher must not pay for each of them. */
class FormatFloodTest {
    private static final AmfValue NULL = AmfValue.Nothing.NULL;
    private static final int CONNECTIONS = 60;
    private static final int MESSAGE_STREAMS = 16;
    private static final int UNCOMMON = 8;

    /** Seconds pass in milliseconds. */
    private static final class HastyTimer extends ScheduledThreadPoolExecutor {
        private HastyTimer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable action, long delay, TimeUnit unit) {
            return super.schedule(action, unit.toSeconds(delay), TimeUnit.MILLISECONDS);
        }
    }

    private final HastyTimer timer = new HastyTimer();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, timer);
    private final TestPeer publisher = TestPeer.publisher(hub, "cam");
    private final MediaStream stream = hub.find(new StreamKey("live", "cam"));

    @AfterEach
    void end() {
        hub.stop();
        TestPeer.closeAll();
        timer.shutdownNow();
    }

    private void publish(int from, int pictures) {
        for (int i = from; i < from + pictures; i++) {
            publisher.keyFrame(i * 40, "00".repeat(4_000));
        }
    }

    @Test
    void whoPlaysOnManyMessageStreamsAndLeavesCostsNothingAfterwards() {
        publish(0, 10);
        TestPeer.player(hub, "cam").close();
        long usual = stream.memory();
        List<TestPeer> flood = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            TestPeer peer = new TestPeer(hub).connect("live");
            flood.add(peer);
            for (int id = 1; id <= MESSAGE_STREAMS; id++) {
                List<String> heard = peer.play(peer.createStream(), "cam");
                String status = "status/" + id + " NetStream.Play.";
                // The first, and as many more as a stream has forms for single players.
                assertThat(heard).contains(status + (id <= 1 + UNCOMMON ? "Start" : "Failed"));
            }
        }
        assertThat(stream.readers().formats()).isEqualTo(1 + UNCOMMON);
        // Whoever plays as all do is served all the same.
        assertThat(TestPeer.player(hub, "cam").heard).contains("status/1 NetStream.Play.Start");
        publish(10, 10);
        flood.forEach(TestPeer::close);
        await().until(() -> stream.readers().formats() == 1);
        publish(20, 10);
        assertThat(stream.memory()).isLessThanOrEqualTo(2 * usual);
        assertThat(stream.viewerCount()).isOne();
    }

    @Test
    void whoWantsOneFormMoreThanThereAreGetsTheOneItHas() {
        publish(0, 1);
        TestPeer many = new TestPeer(hub).connect("live");
        for (int id = 1; id <= 1 + UNCOMMON; id++) {
            many.play(many.createStream(), "cam");
        }
        TestPeer player = TestPeer.player(hub, "cam");
        assertThat(player.call(1, "receiveAudio", 0, NULL, AmfValue.of(false))).isEmpty();
        player.heard.clear();
        publish(1, 1);
        assertThat(player.pump().heard).hasSize(1).allMatch(line -> line.startsWith("video/1@40 "));
        assertThat(stream.viewerCount()).isEqualTo(2 + UNCOMMON);
        many.close();
        assertThat(player.call(1, "receiveAudio", 0, NULL, AmfValue.of(true))).isEmpty();
        assertThat(player.call(1, "receiveAudio", 0, NULL, AmfValue.of(false)))
                .contains("status/1 NetStream.Seek.Notify");
        assertThat(stream.viewerCount()).isOne();
    }
}
