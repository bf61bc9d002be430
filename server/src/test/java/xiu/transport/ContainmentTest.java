package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.media.MediaPacket;
import xiu.media.PacketFormat;
import xiu.media.SampleFormat;
import xiu.media.SampleFrames;
import xiu.media.SampleMedia;
import xiu.media.Track;
import xiu.media.WireFormat;
import xiu.stream.AccessPolicy;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.SampleStreams;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.transport.trouble.Faults;

/** Whatever one player throws ends that player; its event loop goes on with the others. */
class ContainmentTest {
    private static final String EVENT = "fault_playback";
    private static final long LONGEST_REST_MILLIS = 350;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final StreamHub hub =
            new StreamHub(SampleStreams.settings(changes -> changes.gops(0)), AccessPolicy.OPEN, timer);
    private final Publication publication =
            hub.feed(new StreamKey("live", "test"), new SampleStreams.SamplePublisher("A", 1));
    private final MediaStream stream = publication.stream();
    private final AtomicInteger memoryIsOut = new AtomicInteger();
    private final EmbeddedChannel channel = new EmbeddedChannel() {
        @Override
        public EventLoop eventLoop() {
            return shaky(super.eventLoop());
        }
    };
    private final List<String> ended = new ArrayList<>();
    private final SampleFrames frames = new SampleFrames();
    private final long faults = Faults.count(EVENT);
    private long number;

    /** A format that no player can begin with. */
    private record Hopeless(boolean atOnce) implements PacketFormat {
        @Override
        public void begin(List<Track> tracks, ByteBuf out) {
            throw new StackOverflowError("planted");
        }

        @Override
        public void configuration(Track track, long dts, ByteBuf out) {}

        @Override
        public void packet(MediaPacket packet, ByteBuf out) {
            if (atOnce) {
                throw new IllegalStateException("planted");
            }
            out.writeByte(1);
        }

        @Override
        public int trailer(MediaPacket packet) {
            return -1;
        }

        @Override
        public int overhead(int bodyBytes) {
            return 1;
        }
    }

    /** A format that works until it breaks. */
    private static final class Brittle implements PacketFormat {
        private boolean breaks;

        @Override
        public void begin(List<Track> tracks, ByteBuf out) {}

        @Override
        public void configuration(Track track, long dts, ByteBuf out) {}

        @Override
        public void packet(MediaPacket packet, ByteBuf out) {
            if (breaks) {
                throw new StackOverflowError("planted");
            }
        }

        @Override
        public int trailer(MediaPacket packet) {
            return -1;
        }

        @Override
        public int overhead(int bodyBytes) {
            return 0;
        }
    }

    private final class Player implements Playback.Listener {
        private final String name;
        private final Playback playback;

        private Player(String name, WireFormat format) {
            this.name = name;
            this.playback = new Playback(channel, stream, format, this);
        }

        @Override
        public Peer peer() {
            return SampleStreams.peer("V", 1);
        }

        @Override
        public void onPlaybackEnded(EndReason reason) {
            ended.add(name + " " + reason);
            if (name.equals("faulty")) {
                throw new IllegalStateException("planted");
            }
        }
    }

    /** The loop with little memory: it cannot schedule so many tasks. */
    private EventLoop shaky(EventLoop loop) {
        return (EventLoop) Proxy.newProxyInstance(
                EventLoop.class.getClassLoader(), new Class<?>[] {EventLoop.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("schedule") && memoryIsOut.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        throw new StackOverflowError("planted");
                    }
                    try {
                        return method.invoke(loop, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @AfterEach
    void nothingIsLeft() {
        hub.stop();
        channel.runPendingTasks();
        channel.finishAndReleaseAll();
        timer.shutdownNow();
        assertThat(stream.viewerCount()).isZero();
        assertThat(stream.memory()).isZero();
    }

    @Test
    void oneThatCannotJoinEndsAndTheOthersGoOn() {
        new Player("hopeless", new Hopeless(false)).playback.start();
        new Player("good", SampleFormat.ALL).playback.start();
        publish(1);
        turn();
        publish(1);
        turn();
        assertThat(ended).containsExactly("hopeless FAILED");
        assertThat(frames.numbers()).containsExactly(0L, 1L);
        assertThat(Faults.count(EVENT)).isEqualTo(faults + 1);
        assertThat(stream.viewerCount()).isEqualTo(1);
    }

    @Test
    void aSessionThatThrowsWhenItsPlaybackEndsIsClosedAndTheOthersAreTold() {
        new Player("faulty", SampleFormat.ALL).playback.start();
        new Player("good", SampleFormat.ALL).playback.start();
        publication.end(EndReason.GOODBYE);
        channel.runPendingTasks();
        assertThat(ended).containsExactlyInAnyOrder("faulty GOODBYE", "good GOODBYE");
        assertThat(channel.isOpen()).isFalse();
        assertThat(Faults.count(EVENT)).isEqualTo(faults + 1);
    }

    @Test
    void aFormatThatCannotBeMadeReadyLeavesNoViewerBehind() {
        publish(1);
        assertThatThrownBy(() -> new Player("hopeless", new Hopeless(true))).hasMessage("planted");
        assertThat(stream.readers().formats()).isZero();
        assertThat(stream.viewerCount()).isZero();
    }

    @Test
    void aFormatThatFailsEndsItsPlayersAndNoOthers() {
        Brittle format = new Brittle();
        new Player("brittle", format).playback.start();
        new Player("good", SampleFormat.ALL).playback.start();
        Player late = new Player("late", format);
        publish(1);
        turn();
        format.breaks = true;
        publish(1);
        turn();
        assertThat(ended).containsExactly("brittle FAILED");
        // It was on its way in when the format failed.
        late.playback.start();
        assertThat(ended).containsExactly("brittle FAILED", "late FAILED");
        publish(1);
        turn();
        assertThat(frames.newest()).isEqualTo(number - 1);
        assertThat(stream.viewerCount()).isEqualTo(1);
    }

    /** What a pass could not do for want of memory is done by a later one, without another frame. */
    @Test
    void aPassThatBreaksOffIsTakenUpAgain() {
        long passes = Faults.count("fault_fan_out");
        channel.freezeTime();
        new Player("good", SampleFormat.ALL).playback.start();
        publish(1);
        turn();
        memoryIsOut.set(2);
        while (memoryIsOut.get() > 0 && number < 100) {
            publish(1);
            turn();
        }
        assertThat(Faults.count("fault_fan_out")).isGreaterThan(passes);
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        turn();
        assertThat(frames.newest()).isEqualTo(number - 1);
        channel.unfreezeTime();
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++, number++) {
            publication.write(SampleMedia.packet(SampleMedia.VIDEO, number * 40, number == 0, number, 8));
        }
    }

    private void turn() {
        channel.runPendingTasks();
        if (channel.outboundMessages().isEmpty()) {
            // A pass that took long, as the first ones of a cold machine do, is followed by a rest.
            channel.advanceTimeBy(LONGEST_REST_MILLIS, TimeUnit.MILLISECONDS);
            channel.runPendingTasks();
        }
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            frames.accept(bytes);
            bytes.release();
        }
    }
}
