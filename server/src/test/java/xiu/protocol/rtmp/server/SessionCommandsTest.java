package xiu.protocol.rtmp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.wire.RtmpMessage.WindowSize;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessPolicy.Access;
import xiu.stream.StreamException;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;

/** What a client may say, and what it hears. */
class SessionCommandsTest {
    private static final AmfValue NULL = AmfValue.Nothing.NULL;

    private final AskingHub asking = new AskingHub();
    private final StreamHub hub = asking.hub;
    private final TestPeer peer = new TestPeer(hub);

    @AfterEach
    void end() {
        asking.close();
    }

    private static AmfValue text(String text) {
        return AmfValue.of(text);
    }

    @Test
    void connectIsAnsweredWithTheWindowsTheChunkSizeAndSuccess() {
        peer.connect("live");
        assertThat(peer.heard).containsExactly("result 1 NetConnection.Connect.Success");
        RtmpCommand.Reply reply = (RtmpCommand.Reply) peer.commands.getLast();
        assertThat(reply.properties().text("fmsVer"))
                .hasValueSatisfying(version -> assertThat(version).startsWith("FMS/"));
        assertThat(reply.properties().fields()).doesNotContainKeys("fourCcList", "xiuNode");
    }

    @Test
    void enhancedClientsAreToldWhatPasses() {
        peer.call(
                0,
                "connect",
                1,
                AmfValue.fields()
                        .put("app", "live")
                        .put("capsEx", 1)
                        .put("objectEncoding", 3)
                        .object());
        RtmpCommand.Reply reply = (RtmpCommand.Reply) peer.commands.getLast();
        assertThat(reply.properties().fields().get("fourCcList").toString()).contains("hvc1", "av01", "Opus");
        assertThat(reply.information().number("objectEncoding")).hasValue(3);
    }

    @Test
    void nothingButConnectIsPossibleBeforeConnect() {
        assertThat(peer.call(0, "createStream", 2, NULL)).containsExactly("error 2 NetConnection.Call.Failed");
        assertThat(peer.publish(1, "x")).isEmpty();
        peer.connect("live");
        assertThat(peer.call(0, "connect", 7, NULL)).containsExactly("error 7 NetConnection.Call.Failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/../b", "..", "a\u0007b"})
    void anAppThatIsNoneIsRejected(String app) {
        peer.connect(app);
        assertThat(peer.heard).containsExactly("error 1 NetConnection.Connect.InvalidApp", "closed");
    }

    @Test
    void messageStreamsAreNumberedFromOneAndNumbersAreUsedAgain() {
        peer.connect("live");
        assertThat(peer.call(0, "createStream", 2, NULL)).containsExactly("result 2 1.0");
        assertThat(peer.call(0, "createStream", 3, NULL)).containsExactly("result 3 2.0");
        peer.call(0, "deleteStream", 0, NULL, AmfValue.of(1));
        assertThat(peer.call(0, "createStream", 4, NULL)).containsExactly("result 4 1.0");
        for (int i = 2; i < 16; i++) {
            peer.createStream();
        }
        assertThat(peer.call(0, "createStream", 5, NULL)).containsExactly("error 5 NetConnection.Call.Failed");
    }

    @Test
    void playAndPublishAreForMessageStreamsThatWereCreated() {
        peer.connect("live");
        for (int id : new int[] {0, 1, 5, -1}) {
            assertThat(peer.call(id, "publish", 20 + id, NULL, text("cam"), text("live")))
                    .containsExactly("error " + (20 + id) + " NetConnection.Call.Failed");
            assertThat(peer.call(id, "play", 30 + id, NULL, text("cam")))
                    .containsExactly("error " + (30 + id) + " NetConnection.Call.Failed");
        }
        int id = peer.createStream();
        assertThat(peer.call(id + 1, "play", 40, NULL, text("cam")))
                .containsExactly("error 40 NetConnection.Call.Failed");
        // Nobody is left to wait for a status.
        assertThat(peer.publish(id + 1, "cam")).containsExactly("error 0 NetConnection.Call.Failed");
        assertThat(peer.call(id + 1, "pause", 0, NULL, AmfValue.of(true), AmfValue.of(0)))
                .isEmpty();
        assertThat(hub.streams()).isEmpty();
        assertThat(peer.troubles("rtmp_unknown_message_stream")).isEqualTo(10);
        assertThat(peer.server.isOpen()).isTrue();
    }

    @Test
    void messageStreamZeroIsTheOneThatWasCreatedLast() {
        peer.connect("live");
        peer.createStream();
        peer.createStream();
        assertThat(peer.publish(0, "cam")).containsExactly("control 0/2", "status/2 NetStream.Publish.Start");
        peer.call(0, "deleteStream", 0, NULL, AmfValue.of(0));
        assertThat(hub.streams()).isEmpty();
        assertThat(peer.publish(0, "cam")).containsExactly("control 0/1", "status/1 NetStream.Publish.Start");
        // Deleted ones may go on being used, under the ids that they had.
        peer.call(0, "deleteStream", 0, NULL, AmfValue.of(1));
        assertThat(peer.publish(2, "cam")).contains("status/2 NetStream.Publish.Start");
        peer.call(0, "deleteStream", 0, NULL, AmfValue.of(2));
        assertThat(peer.publish(0, "cam")).contains("status/2 NetStream.Publish.Start");
    }

    @Test
    void aTransactionIsAnsweredOnceAndDoneAsOftenAsItIsAskedFor() {
        peer.connect("live");
        assertThat(peer.call(0, "releaseStream", 1, NULL, text("s"))).isEmpty();
        assertThat(peer.call(0, "FCPublish", 1, NULL, text("s"))).isEmpty();
        assertThat(peer.call(0, "makeCoffee", 1, NULL)).isEmpty();
        assertThat(peer.call(0, "connect", 1, NULL)).isEmpty();
        assertThat(peer.call(0, "createStream", 1, NULL)).isEmpty();
        assertThat(peer.call(0, "createStream", 2, NULL)).containsExactly("result 2 2.0");
        assertThat(peer.call(0, "createStream", 2, NULL)).isEmpty();
        assertThat(peer.publish(3, "cam")).contains("status/3 NetStream.Publish.Start");
    }

    /** The ids are the peer's, as many as it likes; that of connect is remembered for good. */
    @Test
    void onlyTheNewestTransactionsAreRemembered() {
        peer.connect("live");
        for (int id = 2; id < 1_000; id++) {
            assertThat(peer.call(0, "_checkbw", id, NULL)).containsExactly("result " + id + " -");
        }
        assertThat(peer.call(0, "_checkbw", 1, NULL)).isEmpty();
        assertThat(peer.call(0, "_checkbw", 999, NULL)).isEmpty();
        assertThat(peer.call(0, "_checkbw", 2, NULL)).containsExactly("result 2 -");
        assertThat(peer.call(0, "_checkbw", Double.NaN, NULL)).hasSize(1);
        assertThat(peer.call(0, "_checkbw", Double.NaN, NULL)).isEmpty();
    }

    @Test
    void courtesiesAreReturned() {
        peer.connect("live");
        assertThat(peer.call(0, "releaseStream", 2, NULL, text("s"))).containsExactly("result 2 -");
        assertThat(peer.call(0, "FCPublish", 3, NULL, text("s"))).containsExactly("result 3 -", "onFCPublish");
        assertThat(peer.call(0, "FCSubscribe", 4, NULL, text("s"))).containsExactly("result 4 -", "onFCSubscribe");
        assertThat(peer.call(0, "getStreamLength", 5, NULL, text("s"))).containsExactly("result 5 0.0");
        assertThat(peer.call(0, "_checkbw", 6, NULL)).containsExactly("result 6 -");
    }

    @Test
    void unknownCommandsAreAnsweredOnlyWhenAskedToAndNeverClose() {
        peer.connect("live");
        assertThat(peer.call(0, "makeCoffee", 9, NULL)).containsExactly("error 9 NetConnection.Call.Failed");
        assertThat(peer.call(0, "makeCoffee", 0, NULL)).isEmpty();
        assertThat(peer.server.isOpen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "live | cam | live/cam | ''",
                "live/ | cam | live/cam | ''",
                "/live | /cam | live/cam | ''",
                "live | cam?token=a | live/cam | token=a",
                "live?token=b | cam | live/cam | token=b",
                "live?token=b | cam?x=1 | live/cam | x=1&token=b",
                "live/room1 | cam | live/room1/cam | ''",
                "live | room1/cam | live/room1/cam | ''",
                "live | mp4:cam | live/cam | ''",
                "live | flv:cam?y=2 | live/cam | y=2",
                "живое | Überträger | живое/Überträger | ''",
            })
    void appAndNameBecomeAKeyAndQueriesBecomeCredentials(String app, String name, String key, String query) {
        peer.connect(app);
        peer.publish(peer.createStream(), name);
        assertThat(hub.find(
                        new StreamKey(key.substring(0, key.lastIndexOf('/')), key.substring(key.lastIndexOf('/') + 1))))
                .isNotNull();
        assertThat(asking.asked.getLast().credentials().query()).isEqualTo(query);
    }

    @Test
    void theAppMayStandInTcUrlAlone() {
        peer.call(
                0,
                "connect",
                1,
                AmfValue.fields().put("tcUrl", "rtmp://host:1935/live?k=v").object());
        peer.publish(peer.createStream(), "cam");
        assertThat(hub.find(new StreamKey("live", "cam"))).isNotNull();
        assertThat(asking.asked.getLast().credentials().query()).isEqualTo("k=v");
    }

    @Test
    void publishingIsAnsweredAfterTheDecision() {
        asking.answer = new CompletableFuture<>();
        peer.connect("live");
        int id = peer.createStream();
        assertThat(peer.publish(id, "cam")).isEmpty();
        peer.heard.clear();
        asking.answer.complete(Access.GRANTED);
        assertThat(peer.pump().heard).containsExactly("control 0/1", "status/1 NetStream.Publish.Start");
    }

    @Test
    void mediaThatComesBeforeTheDecisionIsNotLost() {
        asking.answer = new CompletableFuture<>();
        peer.connect("live");
        peer.publish(peer.createStream(), "cam");
        peer.keyFrame(0, "aa");
        asking.answer.complete(Access.GRANTED);
        peer.pump();
        TestPeer player = TestPeer.player(hub, "cam");
        assertThat(player.heard).contains("video/1@0 12aa");
        player.close();
    }

    @Test
    void aGoodbyeBeforeTheDecisionLeavesNothingBehind() {
        asking.answer = new CompletableFuture<>();
        peer.connect("live");
        peer.publish(peer.createStream(), "cam");
        peer.keyFrame(0, "aa");
        peer.call(0, "deleteStream", 0, NULL, AmfValue.of(1));
        asking.answer.complete(Access.GRANTED);
        peer.pump();
        assertThat(hub.streams()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoLeavesBeforeTheDecisionCancelsIt(boolean publishes) {
        asking.answer = new CompletableFuture<>();
        peer.connect("live");
        int id = peer.createStream();
        assertThat(publishes ? peer.publish(id, "cam") : peer.play(id, "cam")).isEmpty();
        assertThat(asking.answer).isNotDone();
        peer.close();
        assertThat(asking.answer).isCancelled();
        assertThat(hub.streams()).isEmpty();
    }

    @Test
    void whoIsForbiddenIsToldSo() {
        asking.answer = CompletableFuture.completedFuture(
                new AccessPolicy.Denied(StreamException.Reason.FORBIDDEN, "not from this address"));
        peer.connect("live");
        assertThat(peer.play(peer.createStream(), "cam")).containsExactly("status/1 NetStream.Play.Failed");
        assertThat(peer.publish(1, "cam")).containsExactly("status/1 NetStream.Publish.BadAuth", "closed");
    }

    @Test
    void whoIsDeniedIsToldSo() {
        asking.answer = CompletableFuture.completedFuture(Access.DENIED);
        peer.connect("live");
        assertThat(peer.play(peer.createStream(), "cam")).containsExactly("status/1 NetStream.Play.Failed");
        assertThat(peer.publish(1, "cam")).containsExactly("status/1 NetStream.Publish.BadAuth", "closed");
    }

    @Test
    void whatIsNotPublishedIsNotFoundAndTheConnectionStaysUsable() {
        peer.connect("live");
        int id = peer.createStream();
        assertThat(peer.play(id, "cam")).containsExactly("status/1 NetStream.Play.StreamNotFound");
        assertThat(peer.play(id, "..")).containsExactly("status/1 NetStream.Play.StreamNotFound");
        assertThat(peer.publish(id, "cam")).contains("status/1 NetStream.Publish.Start");
    }

    @Test
    void aBadNameIsRefusedWhenPublishing() {
        peer.connect("live");
        assertThat(peer.publish(peer.createStream(), ".."))
                .containsExactly("status/1 NetStream.Publish.BadName", "closed");
    }

    @Test
    void acknowledgesAtHalfTheWindowAndOnlyWhenThereIsOne() {
        peer.connect("live");
        peer.publish(peer.createStream(), "cam");
        long before = peer.link().receivedMessages();
        peer.keyFrame(0, "aa".repeat(6000));
        assertThat(peer.link().receivedMessages()).isEqualTo(before);
        peer.link().write(new WindowSize(10_000));
        peer.keyFrame(40, "aa".repeat(4000));
        assertThat(peer.link().receivedMessages()).isEqualTo(before + 1);
        peer.keyFrame(80, "aa".repeat(4000));
        assertThat(peer.link().receivedMessages()).isEqualTo(before + 2);
        peer.keyFrame(120, "aa".repeat(4000));
        assertThat(peer.link().receivedMessages()).isEqualTo(before + 2);
    }

    @Test
    void aRelayThatTheStreamHasPassedIsRefused() {
        AmfValue route = new AmfValue.StrictArray(
                Stream.of("node-7", "node-1").map(AmfValue::of).toList());
        peer.call(
                0,
                "connect",
                1,
                AmfValue.fields().put("app", "live").put("xiuRoute", route).object());
        assertThat(((RtmpCommand.Reply) peer.commands.getLast()).properties().text("xiuNode"))
                .hasValue("node-1");
        assertThat(peer.publish(peer.createStream(), "cam"))
                .containsExactly("status/1 NetStream.Publish.BadName", "closed");
    }
}
