package xiu.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.media.SampleFormat;
import xiu.media.SampleMedia;
import xiu.transport.Playback;

/** When a publisher is asked for a key frame, and how often. */
class KeyFrameRequestsTest {
    private final ManualTimer timer = new ManualTimer();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private long nanos = 5;
    private int asked;
    private boolean failing;

    private final StreamHub hub =
            new StreamHub(SampleStreams.settings(changes -> changes.gops(0)), AccessPolicy.OPEN, timer, () -> nanos);
    private final Publication publication = hub.feed(new StreamKey("live", "test"), new Encoder());
    private final MediaStream stream = publication.stream();

    /** An encoder that can make a key frame when it is asked to. */
    private final class Encoder implements Publisher {
        @Override
        public Peer peer() {
            return SampleStreams.peer("A", 1);
        }

        @Override
        public void requestKeyFrame() {
            assertThat(Thread.holdsLock(stream)).isFalse();
            asked++;
            if (failing) {
                throw new StackOverflowError("planted");
            }
        }

        @Override
        public void onRevoked(EndReason reason) {}
    }

    private final class Session implements Playback.Listener {
        @Override
        public Peer peer() {
            return SampleStreams.peer("V", 2);
        }

        @Override
        public void onPlaybackEnded(EndReason reason) {}
    }

    @AfterEach
    void nothingIsLeft() {
        hub.stop();
        channel.runPendingTasks();
        channel.finishAndReleaseAll();
        timer.shutdownNow();
        assertThat(stream.memory()).isZero();
    }

    @Test
    void aStreamThatCannotBeginAsksOnceASecond() {
        picture(0, false);
        picture(40, false);
        assertThat(asked).isEqualTo(1);
        nanos += TimeUnit.MILLISECONDS.toNanos(999);
        picture(80, false);
        assertThat(asked).isEqualTo(1);
        nanos += TimeUnit.MILLISECONDS.toNanos(1);
        picture(120, false);
        picture(160, false);
        assertThat(asked).isEqualTo(2);
        picture(200, true);
        nanos += TimeUnit.SECONDS.toNanos(5);
        picture(240, false);
        assertThat(asked).isEqualTo(2);
    }

    /** With gop_num = 0 whoever comes begins at the next key frame. */
    @Test
    void aViewerThatWaitsAsksUntilItHasAKeyFrame() {
        picture(0, true);
        assertThat(asked).isZero();
        play();
        play();
        assertThat(asked).isEqualTo(1);
        aSecond();
        assertThat(asked).isEqualTo(2);
        picture(40, true);
        turn();
        aSecond();
        aSecond();
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void anEncoderThatFailsAtItCostsNobodyAnything() {
        failing = true;
        picture(0, true);
        play();
        assertThat(asked).isEqualTo(1);
        assertThat(stream.viewerCount()).isEqualTo(1);
        assertThat(stream.publisher()).isNotNull();
    }

    @Test
    void nobodyIsAskedAfterItHasGone() {
        picture(0, true);
        publication.end(EndReason.CONNECTION_LOST);
        play();
        assertThat(asked).isZero();
    }

    private void picture(long millis, boolean key) {
        publication.write(SampleMedia.packet(SampleMedia.VIDEO, millis, key));
    }

    private void play() {
        new Playback(channel, stream, SampleFormat.ALL, new Session()).start();
        turn();
    }

    /** Event loops look after their viewers once a second. */
    private void aSecond() {
        nanos += TimeUnit.SECONDS.toNanos(1);
        channel.freezeTime();
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        turn();
        channel.unfreezeTime();
    }

    private void turn() {
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            bytes.release();
        }
    }
}
