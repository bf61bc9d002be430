package xiu.protocol.rtmp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.wire.RtmpMessage.Data;
import xiu.protocol.rtmp.wire.RtmpMessage.Video;
import xiu.stream.AccessPolicy.Access;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;

/** What real encoders and players do that a strict server would stumble over. */
class SessionQuirksTest {
    private static final AmfValue NULL = AmfValue.Nothing.NULL;
    private static final String HEADER =
            "1700000000" + "0164000affe100166764000aacb431360220000003002000000641e244d401000568ef01672c";
    private static final String OTHER_HEADER = HEADER + "fdf8f800";
    private static final String KEY = "1701000000" + "0000000165";
    private static final String INTER = "2701000000" + "0000000141";

    private final AskingHub asking = new AskingHub();
    private final StreamHub hub = asking.hub;

    @AfterEach
    void end() {
        asking.close();
    }

    private static List<String> bodies(TestPeer peer, String kind) {
        return peer.heard.stream()
                .filter(line -> line.startsWith(kind))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    private static void video(TestPeer publisher, int time, String body) {
        publisher.send(new Video(1, time, TestPeer.bytes(body)));
    }

    @ParameterizedTest
    @CsvSource({"-2, -1, true", "-1, 0, true", "0, 5, false", "1000, -1, false"})
    void aPlayersStartAndDurationDoNotMatterForWhatIsLive(double start, double duration, boolean reset) {
        TestPeer publisher = TestPeer.publisher(hub, "cam");
        publisher.keyFrame(0, "01");
        TestPeer player = new TestPeer(hub).connect("live");
        List<String> heard = player.call(
                player.createStream(),
                "play",
                0,
                NULL,
                AmfValue.of("cam"),
                AmfValue.of(start),
                AmfValue.of(duration),
                AmfValue.of(reset));
        assertThat(heard).contains("status/1 NetStream.Play.Start", "video/1@0 1201");
        assertThat(heard.contains("status/1 NetStream.Play.Reset")).isEqualTo(reset);
        player.heard.clear();
        for (int second = 1; second <= 7; second++) {
            publisher.keyFrame(second * 1_000, "02");
        }
        assertThat(player.pump().heard).hasSize(7).endsWith("video/1@7000 1202");
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "record", "append", "nonsense"})
    void everyTypeOfPublishingIsLive(String type) {
        TestPeer peer = new TestPeer(hub).connect("live");
        assertThat(peer.call(peer.createStream(), "publish", 0, NULL, AmfValue.of("cam"), AmfValue.of(type)))
                .contains("status/1 NetStream.Publish.Start");
    }

    @Test
    void theQueryOfTcUrlCountsBesideTheApp() {
        TestPeer peer = new TestPeer(hub);
        peer.call(
                0,
                "connect",
                1,
                AmfValue.fields()
                        .put("app", "live/room1/")
                        .put("tcUrl", "rtmp://host:1935/live/room1/?token=x")
                        .object());
        peer.publish(peer.createStream(), "cam");
        assertThat(hub.find(new StreamKey("live/room1", "cam"))).isNotNull();
        assertThat(asking.asked.getLast().credentials().query()).isEqualTo("token=x");
    }

    @Test
    void theWholeNameMayStandInTheApp() {
        TestPeer peer = new TestPeer(hub).connect("live/cam?token=x");
        peer.publish(peer.createStream(), "");
        assertThat(hub.find(new StreamKey("live", "cam"))).isNotNull();
        assertThat(asking.asked.getLast().credentials().query()).isEqualTo("token=x");
    }

    @Test
    void playingIsAnsweredAfterTheDecision() {
        TestPeer publisher = TestPeer.publisher(hub, "cam");
        publisher.keyFrame(0, "01");
        asking.answer = new CompletableFuture<>();
        TestPeer player = new TestPeer(hub).connect("live");
        assertThat(player.play(player.createStream(), "cam")).isEmpty();
        asking.answer.complete(Access.GRANTED);
        assertThat(player.pump().heard).contains("status/1 NetStream.Play.Start", "video/1@0 1201");
    }

    @Test
    void mediaGoesOutOnTheMessageStreamThatPlays() {
        TestPeer publisher = TestPeer.publisher(hub, "cam");
        publisher.keyFrame(0, "01");
        TestPeer player = new TestPeer(hub).connect("live");
        player.createStream();
        assertThat(player.play(player.createStream(), "cam"))
                .contains("control 0/2", "status/2 NetStream.Play.Start", "video/2@0 1201")
                .noneMatch(line -> line.startsWith("video/1"));
    }

    @Test
    void mediaOfAChunkStreamThatNeverNamedItsMessageStreamIsTheOnlyPublishers() {
        TestPeer publisher = TestPeer.publisher(hub, "cam");
        publisher.keyFrame(0, "01");
        TestPeer player = TestPeer.player(hub, "cam");
        player.heard.clear();
        // Format 1 as the first chunk, then formats 3 and 2.
        publisher.server.writeInbound(TestPeer.bytes("49" + "000028" + "000003" + "09" + "120203"));
        publisher.server.writeInbound(TestPeer.bytes("c9" + "120204" + "89" + "000050" + "120205"));
        publisher.pump();
        assertThat(player.pump().heard).containsExactly("video/1@40 120203", "video/1@80 120204", "video/1@160 120205");
    }

    /** With other message streams beside it, which do something else or nothing. */
    @Test
    void mediaThatNamesNoMessageStreamIsTheNewestPublishers() {
        TestPeer publisher = TestPeer.publisher(hub, "cam");
        publisher.createStream();
        publisher.send(new Video(0, 0, TestPeer.bytes("1201")));
        assertThat(TestPeer.player(hub, "cam").heard).contains("video/1@0 1201");
    }

    @Test
    void sharedObjectsAreIgnored() {
        TestPeer peer = TestPeer.publisher(hub, "cam");
        for (String type : List.of("13", "10")) {
            peer.server.writeInbound(TestPeer.bytes("03" + "000000" + "000004" + type + "00000000" + "00010203"));
        }
        assertThat(peer.pump().server.isOpen()).isTrue();
        assertThat(hub.streams()).hasSize(1);
    }

    @Test
    void aSequenceHeaderInEveryGroupChangesNothingAndAnotherReachesAllViewers() {
        TestPeer publisher = TestPeer.publisher(hub, "cam");
        video(publisher, 0, HEADER);
        video(publisher, 0, KEY);
        video(publisher, 40, HEADER);
        video(publisher, 40, INTER);
        TestPeer player = TestPeer.player(hub, "cam");
        assertThat(bodies(player, "video")).containsExactly(HEADER, KEY, INTER);
        player.heard.clear();
        video(publisher, 80, HEADER);
        video(publisher, 80, KEY);
        video(publisher, 120, OTHER_HEADER);
        video(publisher, 120, KEY);
        assertThat(bodies(player.pump(), "video")).containsExactly(KEY, OTHER_HEADER, KEY);
        assertThat(bodies(TestPeer.player(hub, "cam"), "video")).containsExactly(OTHER_HEADER, KEY);
    }

    @Test
    void metadataThatChangesAndOtherDataReachViewersInOrder() {
        String first = "02000a6f6e4d65746144617461" + "0000" + "00".repeat(7);
        String second = "02000a6f6e4d65746144617461" + "003ff0000000000000";
        String cue = "02000a6f6e437565506f696e74" + "05";
        TestPeer publisher = TestPeer.publisher(hub, "cam");
        publisher.send(new Data(1, 0, TestPeer.bytes(first)));
        publisher.keyFrame(0, "01");
        TestPeer player = TestPeer.player(hub, "cam");
        assertThat(bodies(player, "data")).containsExactly(first);
        player.heard.clear();
        publisher.send(new Data(1, 20, TestPeer.bytes("02000d40736574446174614672616d65" + second)));
        publisher.send(new Data(1, 30, TestPeer.bytes(cue)));
        publisher.keyFrame(40, "02");
        assertThat(bodies(player.pump(), "")).containsExactly(second, cue, "1202");
    }

    @Test
    void aTrackThatComesLaterIsConfiguredBeforeItsFirstFrame() {
        TestPeer publisher = TestPeer.publisher(hub, "cam");
        publisher.audio(0, "0a");
        TestPeer player = TestPeer.player(hub, "cam");
        player.heard.clear();
        publisher.audio(23, "0b");
        video(publisher, 40, HEADER);
        video(publisher, 40, KEY);
        publisher.audio(46, "0c");
        publisher.audio(69, "0d");
        video(publisher, 80, INTER);
        assertThat(bodies(player.pump(), "")).containsExactly("af010b", HEADER, KEY, "af010c", "af010d", INTER);
    }
}
