package xiu.protocol.rtmp.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.wire.RtmpMessage.Aggregate;
import xiu.protocol.rtmp.wire.RtmpMessage.Data;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.protocol.rtmp.wire.RtmpMessage.Video;
import xiu.stream.AccessPolicy;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.Viewer;
import xiu.stream.settings.StreamLimits;
import xiu.stream.settings.StreamSettings;
import xiu.stream.settings.StreamSettings.OnConflict;

/** Publishers and players of one stream, and how they part. */
class SessionMediaTest {
    private static final AmfValue NULL = AmfValue.Nothing.NULL;
    private static final StreamKey CAM = new StreamKey("live", "cam");

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private StreamHub hub = hub(OnConflict.REJECT, Duration.ZERO);

    private StreamHub hub(OnConflict conflict, Duration grace) {
        StreamSettings defaults = StreamSettings.defaults();
        return new StreamHub(
                new StreamSettings(
                        conflict, grace, Duration.ofSeconds(4), defaults.latency(), List.of(), 1, defaults.limits()),
                AccessPolicy.OPEN,
                timer);
    }

    @AfterEach
    void end() {
        hub.stop();
        TestPeer.closeAll();
        timer.shutdownNow();
    }

    private TestPeer publisher() {
        return TestPeer.publisher(hub, "cam");
    }

    @Test
    void playersGetTheSameBodiesAtTheSameTimes() {
        TestPeer publisher = publisher();
        publisher.keyFrame(0, "0102");
        publisher.send(new Video(1, 40, TestPeer.bytes("2203")));
        TestPeer player = TestPeer.player(hub, "cam");
        assertThat(player.heard)
                .containsExactly(
                        "control 0/1",
                        "status/1 NetStream.Play.Reset",
                        "status/1 NetStream.Play.Start",
                        "video/1@0 120102",
                        "video/1@40 2203");
        player.heard.clear();
        publisher.audio(45, "99");
        publisher.keyFrame(80, "04");
        assertThat(player.pump().heard).containsExactly("audio/1@45 af0199", "video/1@80 1204");
        player.close();
        publisher.close();
    }

    @Test
    void metadataComesFirstAndWithoutThePrefix() {
        TestPeer publisher = publisher();
        String metadata = "02000a6f6e4d65746144617461" + "080000000100057769647468004074000000000000000009";
        publisher.send(new Data(1, 0, TestPeer.bytes("02000d40736574446174614672616d65" + metadata)));
        publisher.keyFrame(0, "01");
        TestPeer player = TestPeer.player(hub, "cam");
        assertThat(player.heard).element(3).isEqualTo("data/1@0 " + metadata);
        player.close();
        publisher.close();
    }

    @Test
    void aggregatesAreTakenApart() {
        TestPeer publisher = publisher();
        publisher.send(new Aggregate(
                1,
                1000,
                TestPeer.bytes("09000002 000064 00000000 12aa 0000000d 08000003 00006e 00000000 af01bb 0000000e"
                        .replace(" ", ""))));
        publisher.keyFrame(1040, "cc");
        TestPeer player = TestPeer.player(hub, "cam");
        player.heard.clear();
        publisher.keyFrame(1080, "dd");
        assertThat(player.pump().heard).containsExactly("video/1@1080 12dd");
        assertThat(hub.find(CAM).counters()).isNotNull();
        player.close();
        publisher.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FCUnpublish", "deleteStream", "closeStream"})
    void aGoodbyeEndsTheStreamAtOnceAndPlayersStayConnected(String goodbye) {
        hub = hub(OnConflict.REJECT, Duration.ofSeconds(30));
        TestPeer publisher = publisher();
        publisher.keyFrame(0, "01");
        TestPeer player = TestPeer.player(hub, "cam");
        player.heard.clear();
        int id = goodbye.equals("closeStream") ? 1 : 0;
        AmfValue argument = goodbye.equals("FCUnpublish") ? AmfValue.of("cam") : AmfValue.of(1);
        assertThat(publisher.call(id, goodbye, 0, NULL, argument)).contains("status/1 NetStream.Unpublish.Success");
        assertThat(hub.streams()).isEmpty();
        assertThat(player.pump().heard).containsExactly("status/1 NetStream.Play.UnpublishNotify", "control 1/1");
        assertThat(player.play(1, "cam")).containsExactly("status/1 NetStream.Play.StreamNotFound");
        publisher.publish(1, "cam");
        publisher.keyFrame(0, "02");
        assertThat(player.play(1, "cam")).contains("status/1 NetStream.Play.Start", "video/1@0 1202");
        player.close();
        publisher.close();
    }

    @Test
    void nothingThatAPlayerSaysEndsThePublishersStream() {
        TestPeer publisher = publisher();
        publisher.keyFrame(0, "01");
        TestPeer player = TestPeer.player(hub, "cam");
        player.call(0, "FCUnpublish", 0, NULL, AmfValue.of("cam"));
        player.call(1, "closeStream", 0, NULL);
        player.call(0, "deleteStream", 0, NULL, AmfValue.of(1));
        player.call(0, "releaseStream", 0, NULL, AmfValue.of("cam"));
        player.close();
        assertThat(hub.find(CAM).publisher()).isNotNull();
        assertThat(hub.find(CAM).viewerCount()).isZero();
        publisher.close();
    }

    @Test
    void theSecondPublisherIsToldBadName() {
        TestPeer first = publisher();
        TestPeer second = publisher();
        assertThat(second.heard).containsExactly("status/1 NetStream.Publish.BadName", "closed");
        assertThat(first.server.isOpen()).isTrue();
        first.close();
        second.close();
    }

    @Test
    void aPublisherThatIsTakenOverIsToldBadNameAndClosed() {
        hub = hub(OnConflict.TAKEOVER, Duration.ZERO);
        TestPeer first = publisher();
        TestPeer player = TestPeer.player(hub, "cam");
        first.heard.clear();
        player.heard.clear();
        TestPeer second = publisher();
        assertThat(first.pump().heard).containsExactly("status/1 NetStream.Publish.BadName", "closed");
        assertThat(first.ends).isOne();
        second.keyFrame(0, "02");
        assertThat(player.pump().heard).containsExactly("video/1@0 1202");
        first.close();
        second.close();
        player.close();
    }

    @Test
    void oneConnectionPublishesAStreamOnlyOnceButSeveralStreams() {
        TestPeer peer = publisher();
        assertThat(peer.publish(1, "cam")).containsExactly("status/1 NetStream.Publish.BadName");
        int other = peer.createStream();
        assertThat(peer.publish(other, "cam")).containsExactly("status/2 NetStream.Publish.BadName");
        assertThat(peer.publish(other, "cam2")).contains("status/2 NetStream.Publish.Start");
        assertThat(peer.play(other, "cam")).containsExactly("status/2 NetStream.Play.Failed");
        assertThat(hub.streams()).hasSize(2);
        peer.close();
        assertThat(hub.streams()).isEmpty();
    }

    @Test
    void aLostConnectionGivesTheStreamItsGrace() {
        hub = hub(OnConflict.REJECT, Duration.ofSeconds(30));
        TestPeer publisher = publisher();
        publisher.close();
        assertThat(hub.find(CAM)).isNotNull();
        assertThat(hub.find(CAM).publisher()).isNull();
    }

    @Test
    void aPublisherThatFallsSilentIsTimedOut() {
        TestPeer publisher = publisher();
        publisher.pass(3);
        publisher.keyFrame(0, "01");
        publisher.pass(4);
        assertThat(publisher.server.isOpen()).isTrue();
        publisher.pass(2);
        assertThat(publisher.server.isOpen()).isFalse();
        assertThat(publisher.ends).isOne();
        publisher.close();
    }

    @Test
    void aPublisherAboveItsBitRateIsEndedAndCounted() {
        StreamLimits all = StreamLimits.defaults();
        StreamSettings defaults = StreamSettings.defaults();
        StreamLimits slow = new StreamLimits(
                all.streams(),
                100,
                all.logBytes(),
                all.logPackets(),
                all.logDuration(),
                all.viewerBacklogBytes(),
                all.viewerBacklogTime(),
                all.viewerStallTimeout(),
                all.viewerSkips(),
                all.memory());
        // A publisher that may be silent for an hour is not measured over an hour.
        hub = new StreamHub(
                new StreamSettings(
                        OnConflict.REJECT, Duration.ZERO, Duration.ofHours(1), defaults.latency(), List.of(), 1, slow),
                AccessPolicy.OPEN,
                timer);
        TestPeer publisher = publisher();
        for (int second = 0; second < 40; second++) {
            publisher.keyFrame(1000 * second, "00".repeat(10_000));
            publisher.pass(1);
        }
        assertThat(publisher.server.isOpen()).isTrue();
        publisher.keyFrame(40_000, "00".repeat(130_000));
        publisher.pass(4);
        assertThat(publisher.server.isOpen()).isFalse();
        assertThat(publisher.troubles("limit_stream_kbps")).isOne();
        publisher.close();
    }

    @Test
    void aPublisherMaySendWhatItsGrantAllowsAndNoMore() {
        hub.stop();
        hub = new StreamHub(
                StreamSettings.defaults(),
                request -> CompletableFuture.completedFuture(
                        new AccessPolicy.Granted(Instant.MAX, "camera", new AccessPolicy.Limits(100), true)),
                timer);
        TestPeer publisher = publisher();
        publisher.keyFrame(0, "00".repeat(10_000));
        publisher.pass(4);
        assertThat(publisher.server.isOpen()).isTrue();
        publisher.keyFrame(4_000, "00".repeat(200_000));
        publisher.pass(8);
        assertThat(publisher.server.isOpen()).isFalse();
        assertThat(publisher.troubles("limit_stream_kbps")).isOne();
        publisher.close();
    }

    @Test
    void viewersAndPublishersAreKnownByTheFlashVersionThatTheyShow() {
        AmfValue connect =
                AmfValue.fields().put("app", "live").put("flashVer", "OBS/30\n").object();
        TestPeer publisher = new TestPeer(hub);
        publisher.call(0, "connect", 1, connect);
        publisher.publish(publisher.createStream(), "cam");
        TestPeer player = new TestPeer(hub);
        player.call(0, "connect", 1, connect);
        player.play(player.createStream(), "cam");
        assertThat(hub.find(CAM).publisher().peer().agent()).isEqualTo("OBS/30?");
        assertThat(hub.find(CAM).viewers())
                .singleElement()
                .satisfies(viewer -> assertThat(viewer.peer().agent()).isEqualTo("OBS/30?"));
    }

    /** By all its viewers: a player that changes what it wants is another one. */
    @Test
    void theEndOfASessionSaysWhatWasSent() {
        ListAppender<ILoggingEvent> written = new ListAppender<>();
        written.start();
        Logger log = (Logger) LoggerFactory.getLogger(RtmpServerSession.class);
        log.addAppender(written);
        TestPeer publisher = publisher();
        publisher.keyFrame(0, "0102");
        TestPeer player = TestPeer.player(hub, "cam");
        Viewer first = hub.find(CAM).viewers().iterator().next();
        player.call(1, "receiveAudio", 0, NULL, AmfValue.of(false));
        Viewer second = hub.find(CAM).viewers().iterator().next();
        publisher.keyFrame(40, "03");
        player.pump();
        player.close();
        assertThat(second).isNotSameAs(first);
        assertThat(first.sentBytes()).isPositive();
        assertThat(second.sentBytes()).isPositive();
        assertThat(written.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("event=session_end")
                        && line.endsWith(" sent=" + (first.sentBytes() + second.sentBytes()) + " skips=0"));
        log.detachAppender(written);
    }

    @Test
    void aConnectionThatDoesNothingIsTimedOut() {
        TestPeer idle = new TestPeer(hub).connect("live");
        idle.pass(14);
        assertThat(idle.server.isOpen()).isTrue();
        idle.pass(5);
        assertThat(idle.server.isOpen()).isFalse();
        idle.close();
    }

    @Test
    void whoHasPublishedMayThinkLongerButNotForEver() {
        TestPeer publisher = publisher();
        publisher.call(0, "deleteStream", 0, NULL, AmfValue.of(1));
        publisher.pass(59);
        assertThat(publisher.server.isOpen()).isTrue();
        publisher.pass(20);
        assertThat(publisher.server.isOpen()).isFalse();
        assertThat(publisher.troubles("limit_rtmp_connect_timeout")).isOne();
        publisher.close();
    }

    @Test
    void aSilentPlayerIsPingedAndStays() {
        TestPeer publisher = publisher();
        TestPeer player = TestPeer.player(hub, "cam");
        long before = player.sessionLink.receivedMessages();
        player.pass(100);
        assertThat(player.sessionLink.receivedMessages()).as("answers to pings").isGreaterThan(before);
        assertThat(player.server.isOpen()).isTrue();
        player.close();
        publisher.close();
    }

    @Test
    void pingsOfThePeerAreAnswered() {
        TestPeer peer = new TestPeer(hub).connect("live");
        long before = peer.link().receivedMessages();
        peer.link().write(new UserControl(UserControl.PING_REQUEST, 4711));
        peer.link().flush();
        assertThat(peer.pump().link().receivedMessages()).isEqualTo(before + 1);
        peer.close();
    }

    @Test
    void pauseStopsTheMediaAndUnpauseGoesOnAtAKeyFrame() {
        TestPeer publisher = publisher();
        publisher.keyFrame(0, "01");
        TestPeer player = TestPeer.player(hub, "cam");
        assertThat(player.call(1, "pause", 0, NULL, AmfValue.of(true), AmfValue.of(0)))
                .containsExactly("status/1 NetStream.Pause.Notify");
        publisher.keyFrame(40, "02");
        assertThat(player.pump().heard).containsExactly("status/1 NetStream.Pause.Notify");
        assertThat(player.call(1, "pause", 0, NULL, AmfValue.of(false), AmfValue.of(0)))
                .containsExactly("status/1 NetStream.Unpause.Notify", "video/1@40 1202");
        assertThat(player.call(1, "seek", 0, NULL, AmfValue.of(0))).containsExactly("status/1 NetStream.Seek.Notify");
        player.close();
        publisher.close();
    }

    @Test
    void whoWantsNoAudioGetsNone() {
        TestPeer publisher = publisher();
        publisher.keyFrame(0, "01");
        publisher.audio(10, "0a");
        TestPeer player = TestPeer.player(hub, "cam");
        assertThat(player.call(1, "receiveAudio", 0, NULL, AmfValue.of(false)))
                .contains("video/1@0 1201")
                .doesNotContain("audio/1@10 af010a");
        player.heard.clear();
        publisher.audio(20, "0b");
        publisher.keyFrame(40, "02");
        assertThat(player.pump().heard).containsExactly("video/1@40 1202");
        player.close();
        publisher.close();
    }

    @Test
    void whoWantsNoVideoGetsNoneUntilItWantsIt() {
        TestPeer publisher = publisher();
        publisher.keyFrame(0, "01");
        publisher.audio(10, "0a");
        TestPeer player = TestPeer.player(hub, "cam");
        assertThat(player.call(1, "receiveVideo", 0, NULL, AmfValue.of(false)))
                .contains("audio/1@10 af010a")
                .doesNotContain("video/1@0 1201");
        player.heard.clear();
        publisher.audio(20, "0b");
        publisher.keyFrame(40, "02");
        publisher.audio(50, "0c");
        assertThat(player.pump().heard).containsExactly("audio/1@20 af010b", "audio/1@50 af010c");
        assertThat(player.call(1, "receiveVideo", 0, NULL, AmfValue.of(true)))
                .containsSubsequence("video/1@40 1202", "audio/1@50 af010c");
        player.close();
        publisher.close();
    }

    @Test
    void rubbishEndsTheSessionOnce() {
        TestPeer peer = publisher();
        peer.server.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) 0xC9, 1, 2, 3}));
        peer.pump();
        assertThat(peer.server.isOpen()).isFalse();
        assertThat(peer.ends).isOne();
        assertThat(hub.streams()).isEmpty();
        peer.close();
    }

    @Test
    void aStoppingServerTellsItsPeers() {
        TestPeer publisher = publisher();
        TestPeer player = TestPeer.player(hub, "cam");
        publisher.heard.clear();
        player.heard.clear();
        hub.stop();
        publisher.session.stop();
        player.session.stop();
        assertThat(publisher.pump().heard).containsExactly("status/1 NetStream.Unpublish.Success", "closed");
        assertThat(player.pump().heard)
                .containsSubsequence("status/1 NetStream.Play.UnpublishNotify", "control 1/1", "closed");
        publisher.close();
        player.close();
    }
}
