package xiu.protocol.rtmp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.container.flv.amf.AmfValue;
import xiu.container.flv.amf.AmfWriter;
import xiu.protocol.rtmp.wire.RtmpMessage.Data;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.StreamHub;
import xiu.stream.settings.StreamLimits;
import xiu.stream.settings.StreamSettings;

/** How long a peer may take, by a clock of the test's own. */
class SessionLimitsTest {
    private static final String TROUBLE = "limit_rtmp_message_timeout";
    /** 256 KiB of video on chunk stream 7, of which a chunk comes. */
    private static final String BEGIN = "07 000000 040000 09 01000000" + "17".repeat(128);
    /** One chunk more. */
    private static final String MORE = "c7" + "17".repeat(128);

    private static final String ABORT = "02 000000 000004 02 00000000 00000007";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, timer);

    @AfterEach
    void end() {
        hub.stop();
        TestPeer.closeAll();
        timer.shutdownNow();
    }

    private static void feed(TestPeer peer, String hex) {
        peer.server.writeInbound(TestPeer.bytes(hex.replace(" ", "")));
    }

    /** Sends audio, and a chunk of the video, every second. */
    private static void trickle(TestPeer publisher, int fromSecond, int toSecond) {
        for (int second = fromSecond; second < toSecond; second++) {
            publisher.audio(second * 1_000, "aa");
            feed(publisher, MORE);
            publisher.pass(1);
        }
    }

    @Test
    void aMessageThatTricklesEndsAlthoughAudioGoesOn() {
        TestPeer publisher = TestPeer.publisher(hub, "test");
        feed(publisher, BEGIN);
        trickle(publisher, 0, 29);
        assertThat(publisher.server.isOpen()).isTrue();
        publisher.pass(2);
        assertThat(publisher.server.isOpen()).isFalse();
        assertThat(publisher.troubles(TROUBLE)).isEqualTo(1);
    }

    @Test
    void anAbortedMessageHasNoTime() {
        TestPeer publisher = TestPeer.publisher(hub, "test");
        feed(publisher, BEGIN);
        trickle(publisher, 0, 25);
        feed(publisher, ABORT);
        feed(publisher, BEGIN);
        trickle(publisher, 25, 50);
        assertThat(publisher.server.isOpen()).isTrue();
        feed(publisher, ABORT);
        for (int second = 50; second < 150; second++) {
            publisher.audio(second * 1_000, "aa");
            publisher.pass(1);
        }
        assertThat(publisher.server.isOpen()).isTrue();
    }

    /** There is always some message that is not whole, but each becomes so. */
    @Test
    void aSlowLineHasItsTimeForEachMessage() {
        TestPeer publisher = TestPeer.publisher(hub, "test");
        for (int round = 0; round < 10; round++) {
            for (int chunkStream = 7; chunkStream < 9; chunkStream++) {
                feed(publisher, "%02x 000000 000180 09 01000000".formatted(chunkStream) + "17".repeat(128));
                for (int second = 0; second < 12; second++) {
                    publisher.audio((round * 24 + second) * 1_000, "aa");
                    publisher.pass(1);
                }
                int other = 15 - chunkStream;
                if (round > 0 || chunkStream == 8) {
                    String rest = "%02x".formatted(0xc0 + other) + "17".repeat(128);
                    feed(publisher, rest + rest);
                }
            }
        }
        assertThat(publisher.server.isOpen()).isTrue();
        assertThat(publisher.troubles(TROUBLE)).isZero();
    }

    /** New players cannot start with the picture any more. */
    @Test
    void aGroupThatDoesNotFitIntoTheLogIsSaidOnce() {
        StreamLimits defaults = StreamLimits.defaults();
        StreamLimits limits = new StreamLimits(
                1,
                0,
                defaults.logBytes(),
                64,
                defaults.logDuration(),
                defaults.viewerBacklogBytes(),
                defaults.viewerBacklogTime(),
                defaults.viewerStallTimeout(),
                0,
                0);
        StreamHub small = new StreamHub(StreamSettings.defaults().with(1, limits), AccessPolicy.OPEN, timer);
        TestPeer publisher = TestPeer.publisher(small, "test");
        for (int i = 0; i < 10; i++) {
            publisher.keyFrame(i * 1_000, "01");
            for (int part = 0; part < 40; part++) {
                publisher.audio(i * 1_000 + part * 20, "aa");
            }
            publisher.pass(1);
        }
        assertThat(publisher.troubles("limit_log")).isZero();
        for (int i = 0; i < 100; i++) {
            publisher.audio(10_000 + i * 20, "aa");
        }
        publisher.pass(3);
        assertThat(publisher.troubles("limit_log")).isEqualTo(1);
        small.stop();
    }

    private static Data metadata(int depth) {
        AmfValue value = AmfValue.of("x");
        for (int i = 1; i < depth; i++) {
            value = AmfValue.fields().put("a", value).object();
        }
        ByteBuf body = Unpooled.buffer();
        new AmfWriter(body).text("@setDataFrame").text("onMetaData").value(value);
        return new Data(1, 0, body);
    }

    /** Other servers and players read it, so it is not handed on. */
    @Test
    void dataHasADepthAsWell() {
        TestPeer publisher = TestPeer.publisher(hub, "test");
        publisher.send(metadata(32));
        publisher.send(new Data(1, 0, TestPeer.bytes("ff".repeat(20))));
        assertThat(publisher.server.isOpen()).isTrue();
        publisher.send(metadata(33));
        assertThat(publisher.server.isOpen()).isFalse();
        assertThat(publisher.troubles("limit_rtmp_amf_depth")).isEqualTo(1);
    }

    @Test
    void aPlayerHasNotMoreTime() {
        TestPeer.publisher(hub, "test").keyFrame(0, "01");
        TestPeer player = TestPeer.player(hub, "test");
        player.pass(29);
        EmbeddedChannel server = player.server;
        feed(player, BEGIN);
        player.pass(29);
        assertThat(server.isOpen()).isTrue();
        player.pass(2);
        assertThat(server.isOpen()).isFalse();
        assertThat(player.troubles(TROUBLE)).isEqualTo(1);
    }

    @Test
    void aPublisherHasTheTimeThatCountsAtTheMoment() {
        Live<StreamSettings> settings = Live.of(StreamSettings.defaults());
        StreamHub live = new StreamHub(settings, AccessPolicy.OPEN, timer);
        TestPeer publisher = TestPeer.publisher(live, "test");
        publisher.keyFrame(0, "01");
        publisher.pass(3);
        assertThat(publisher.server.isOpen()).isTrue();
        StreamSettings now = settings.now();
        settings.set(new StreamSettings(
                now.onConflict(),
                Duration.ZERO,
                Duration.ofSeconds(2),
                now.latency(),
                List.of(),
                now.gopNum(),
                now.limits()));
        publisher.pass(3);
        assertThat(publisher.server.isOpen()).isFalse();
        live.stop();
    }
}
