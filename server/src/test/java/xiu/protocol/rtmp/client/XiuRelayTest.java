package xiu.protocol.rtmp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.server.TestPeer;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.RtmpMessage;
import xiu.protocol.rtmp.wire.RtmpMessage.PeerBandwidth;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.protocol.rtmp.wire.RtmpMessage.Video;
import xiu.protocol.rtmp.wire.RtmpMessage.WindowSize;
import xiu.stream.AccessPolicy;
import xiu.stream.MediaStream;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSink;
import xiu.stream.relay.StreamSource;
import xiu.stream.settings.StreamSettings;
import xiu.transport.client.FarTrust;

/**
 * Relays between a node of XIU (the server of that name in Rust) and this one, both ways: its side as recorded from the
 * running program. It takes every {@code _result} with its {@code connect}'s transaction id for the answer to that.
 */
class XiuRelayTest {
    private static final AmfValue NULL = AmfValue.Nothing.NULL;
    private static final StreamKey TEST = new StreamKey("live", "test");
    private static final String HEADER =
            "17000000000142c00bffe100186742c00bda0a11f9701100000300010000030032" + "0f142aa001000468ce0fc8";
    private static final String KEY = "17010000000000000165";
    private static final String INTER = "27010000000000000141";
    private static final String STREAM_ONE = "result 2 1.0";
    /** How often it may ask for everything before a test ends what would be endless. */
    private static final int MOST = 20;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, timer);
    private final FarSide far = new FarSide(ByteBufAllocator.DEFAULT);
    private final RtmpLink farLink = new RtmpLink(RtmpLimits.defaults().chunks(), new Unheard());
    private final EmbeddedChannel farEnd = new EmbeddedChannel(farLink);
    private final List<RelayEnd> ends = new ArrayList<>();

    /** What our client says is not looked at: how far it comes shows it. */
    private record Unheard() implements RtmpLink.Owner {
        @Override
        public void onOpen(RtmpLink link) {}

        @Override
        public void onMessage(RtmpMessage message) {}

        @Override
        public void onClosed() {}

        @Override
        public void onFault(Throwable fault) {
            throw new AssertionError(fault);
        }
    }

    @AfterEach
    void end() {
        hub.stop();
        far.close();
        farEnd.finishAndReleaseAll();
        TestPeer.closeAll();
        timer.shutdownNow();
    }

    /** What the recorded side said, by its name; {@code C} and {@code S} are client and server. */
    private static Map<String, String> recorded(String name) throws IOException {
        Map<String, String> parts = new HashMap<>();
        try (InputStream in = Objects.requireNonNull(XiuRelayTest.class.getResourceAsStream(name))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (!line.startsWith("#")) {
                    int end = line.lastIndexOf(' ');
                    parts.put(line.substring(0, end), line.substring(end + 1));
                }
            }
        }
        return parts;
    }

    /** Its client against a session of ours: says the same again for every answer that it takes for connect's. */
    private TestPeer dialogue(Map<String, String> said, String last) {
        TestPeer peer = new TestPeer(hub);
        say(peer, said.get("C connect"));
        say(peer, said.get("C window"));
        int taken = 0;
        for (int asked = 0; asked < MOST && taken < peer.heard.size(); taken++) {
            String answer = peer.heard.get(taken);
            if (answer.startsWith("result 1 ") || answer.startsWith("error 1 ")) {
                say(peer, said.get("C ask"));
                asked++;
            } else if (answer.equals(STREAM_ONE)) {
                say(peer, said.get(last));
            }
        }
        return peer;
    }

    private static void say(TestPeer peer, String hex) {
        peer.server.writeInbound(TestPeer.bytes(hex));
        peer.pump();
    }

    private static List<String> answers(TestPeer peer) {
        return peer.heard.stream()
                .filter(line -> line.startsWith("result") || line.startsWith("error") || line.startsWith("on"))
                .toList();
    }

    @Test
    void xiuPullsFromHere() throws IOException {
        TestPeer publisher = TestPeer.publisher(hub, "test");
        publisher.send(new Video(1, 0, TestPeer.bytes(HEADER)));
        publisher.send(new Video(1, 0, TestPeer.bytes(KEY)));
        Map<String, String> said = recorded("xiu-pulls.hex");
        TestPeer xiu = dialogue(said, "C play");
        say(xiu, said.get("C length"));
        assertThat(answers(xiu)).containsExactly("result 1 NetConnection.Connect.Success", STREAM_ONE);
        assertThat(xiu.heard)
                .containsSubsequence(
                        "control 0/1", "status/1 NetStream.Play.Start", "video/1@0 " + HEADER, "video/1@0 " + KEY)
                .doesNotContain("status/1 NetStream.Play.Reset")
                .filteredOn("status/1 NetStream.Play.Start"::equals)
                .hasSize(1);
        xiu.heard.clear();
        publisher.send(new Video(1, 40, TestPeer.bytes(INTER)));
        assertThat(xiu.pump().heard).containsExactly("video/1@40 " + INTER);
    }

    /** Its media says message stream 0, as its {@code publish} does; from other versions 1. */
    @ParameterizedTest
    @ValueSource(strings = {"00000000", "01000000"})
    void xiuPushesToHere(String messageStream) throws IOException {
        Map<String, String> said = recorded("xiu-pushes.hex");
        TestPeer xiu = dialogue(said, "C publish");
        assertThat(answers(xiu)).containsExactly("result 1 NetConnection.Connect.Success", STREAM_ONE);
        assertThat(xiu.heard).containsSubsequence("control 0/1", "status/1 NetStream.Publish.Start");
        for (String part : List.of("C metadata", "C header")) {
            String hex = said.get(part);
            say(xiu, hex.substring(0, 16) + messageStream + hex.substring(24));
        }
        say(xiu, said.get("C pictures"));
        assertThat(hub.find(TEST)).isNotNull();
        assertThat(TestPeer.player(hub, "test").heard)
                .containsSubsequence("video/1@0 " + HEADER, "video/1@0 " + KEY, "video/1@40 " + INTER)
                .anyMatch(line -> line.startsWith("data/1@0 02000a6f6e4d65746144617461"));
        assertThat(answers(xiu)).hasSize(2);
    }

    private RtmpDialer dialer() {
        Duration soon = Duration.ofSeconds(5);
        return new RtmpDialer(
                far, RtmpLimits.defaults().chunks(), FarTrust.of(Optional.empty()), new ClientTimes(soon, soon, soon));
    }

    private void pull() {
        StreamSource source = dialer().source(TEST, URI.create("rtmp://xiu:1935/live/test"), List.of("near"));
        source.start(new StreamSource.Events() {
            @Override
            public Publication connected(Publisher publisher) {
                return hub.feed(TEST, publisher);
            }

            @Override
            public void ended(RelayEnd end) {
                ends.add(end);
            }
        });
        far.settle();
        far.shakeHands();
    }

    private void push(MediaStream stream, Runnable connected) {
        StreamSink sink = dialer().sink(TEST, URI.create("rtmp://xiu:1935/live/test"), List.of("near"));
        sink.start(stream, new StreamSink.Events() {
            @Override
            public void connected() {
                connected.run();
            }

            @Override
            public void ended(RelayEnd end) {
                ends.add(end);
            }
        });
        far.settle();
        far.shakeHands();
    }

    private void farSays(RtmpMessage message) {
        farLink.write(message);
        farLink.flush();
        for (ByteBuf part = farEnd.readOutbound(); part != null; part = farEnd.readOutbound()) {
            far.say(part);
        }
    }

    private void farSays(String name, double transaction, AmfValue... values) {
        List<AmfValue> all = new ArrayList<>(List.of(AmfValue.of(name), AmfValue.of(transaction)));
        all.addAll(List.of(values));
        farSays(new RtmpMessage.Command(0, all));
    }

    private void farStatus(String code) {
        farSays(
                "onStatus",
                5,
                NULL,
                AmfValue.fields().put("level", "status").put("code", code).object());
    }

    /** What XIU's server answers to connect and createStream; to releaseStream and FCPublish it says nothing. */
    private void farAccepts() {
        farSays(new WindowSize(5_000_000));
        farSays(new PeerBandwidth(5_000_000, 2));
        farSays("_result", 1, NULL, RtmpStatus.CONNECT_SUCCESS.information("Connection Succeeded."));
        farSays("_result", 4, NULL, AmfValue.of(1));
    }

    /** It says four statuses, under the transaction of play, and sends media on message stream 0. */
    @Test
    void thisNodePullsFromXiu() {
        pull();
        farAccepts();
        farSays(new UserControl(UserControl.STREAM_BEGIN, 1));
        for (String code : List.of("Play.Reset", "Play.Start", "Data.Start", "Play.PublishNotify")) {
            farStatus("NetStream." + code);
        }
        far.say(TestPeer.bytes("07" + "000000" + "00002c" + "09" + "00000000" + HEADER));
        far.say(TestPeer.bytes("07" + "000000" + "00000a" + "09" + "00000000" + KEY));
        assertThat(ends).isEmpty();
        assertThat(TestPeer.player(hub, "test").heard).containsSubsequence("video/1@0 " + HEADER, "video/1@0 " + KEY);
    }

    @Test
    void thisNodePushesToXiu() {
        TestPeer publisher = TestPeer.publisher(hub, "test");
        publisher.send(new Video(1, 0, TestPeer.bytes(HEADER)));
        publisher.send(new Video(1, 0, TestPeer.bytes(KEY)));
        int[] connected = {0};
        push(hub.find(TEST), () -> connected[0]++);
        farAccepts();
        farSays(new UserControl(UserControl.STREAM_BEGIN, 1));
        assertThat(connected).containsExactly(0);
        farStatus("NetStream.Publish.Start");
        assertThat(connected).containsExactly(1);
        assertThat(ends).isEmpty();
        publisher.send(new Video(1, 40, TestPeer.bytes(INTER)));
        assertThat(far.settle()).isPositive();
    }

    /** The server that was recorded answers createStream on another chunk stream, and the rest without being asked. */
    @Test
    void whatThePlainServerSaidIsUnderstoodHereAsWell() throws IOException {
        Map<String, String> said = recorded("xiu-pulls.hex");
        pull();
        far.say(TestPeer.bytes(said.get("S connected")));
        String second = ByteBufUtil.hexDump(new byte[] {0x40, 0}) + "00".repeat(6);
        String fourth = ByteBufUtil.hexDump(new byte[] {0x40, 0x10}) + "00".repeat(6);
        far.say(TestPeer.bytes(said.get("S created").replaceFirst(second, fourth)));
        far.say(TestPeer.bytes(said.get("S begin")));
        far.say(TestPeer.bytes(said.get("S started")));
        far.say(TestPeer.bytes(said.get("S media")));
        assertThat(ends).isEmpty();
        assertThat(TestPeer.player(hub, "test").heard)
                .anyMatch(line -> line.endsWith(HEADER))
                .anyMatch(line -> line.endsWith(KEY));
    }
}
