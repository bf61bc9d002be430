package xiu.protocol.rtmp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufUtil;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.server.RtmpServer;
import xiu.protocol.rtmp.server.TestPeer;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.RtmpMessage;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.EndReason;
import xiu.stream.LogWatcher;
import xiu.stream.MediaStream;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSink;
import xiu.stream.relay.StreamSource;
import xiu.stream.settings.StreamLimits;
import xiu.stream.settings.StreamSettings;
import xiu.transport.BindAddress;
import xiu.transport.ConnectionGate;
import xiu.transport.EventLoops;
import xiu.transport.IoEngine;
import xiu.transport.TcpListener;
import xiu.transport.TransportSettings;
import xiu.transport.client.FarTrust;

/** The client against a real server over real sockets, and against servers that misbehave. */
class RtmpRelayTest {
    private static final StreamKey CAM = new StreamKey("live", "cam");
    private static final AmfValue NULL = AmfValue.Nothing.NULL;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final TransportSettings transport = TransportSettings.defaults();
    private final EventLoops loops = EventLoops.open(transport);
    private final ConnectionGate gate = new ConnectionGate(transport.limits());
    private final StreamHub near = hub();
    private final StreamHub far = hub();
    private final RtmpServer server = new RtmpServer(
            Live.of(RtmpSettings.defaults().at(BindAddress.parse("127.0.0.1"), 0)),
            "far-node",
            far,
            new RtmpServer.Network(loops, gate, Live.of(transport.limits()), new MessageMemory(Long.MAX_VALUE)));
    private final BlockingQueue<RelayEnd> ends = new LinkedBlockingQueue<>();
    private final List<TcpListener> scripted = new ArrayList<>();
    /** What the scripted servers got, in hexadecimal. */
    private final BlockingQueue<String> media = new LinkedBlockingQueue<>();

    private RtmpDialer dialer;

    private StreamHub hub() {
        return hub(StreamSettings.defaults());
    }

    private StreamHub hub(StreamSettings settings) {
        return new StreamHub(settings, AccessPolicy.OPEN, timer);
    }

    @BeforeEach
    void start() throws Exception {
        server.start();
        Duration soon = Duration.ofSeconds(4);
        dialer = new RtmpDialer(
                loops, RtmpLimits.defaults(), FarTrust.of(Optional.empty()), new ClientTimes(soon, soon, soon));
    }

    @AfterEach
    void stop() throws Exception {
        near.stop();
        far.stop();
        server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        for (TcpListener listener : scripted) {
            listener.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
            listener.connections().close().sync();
        }
        TestPeer.closeAll();
        loops.shutdown().toCompletableFuture().get(10, TimeUnit.SECONDS);
        timer.shutdownNow();
    }

    private URI url(String scheme, int port) {
        return URI.create(scheme + "://127.0.0.1:" + port + "/live/cam?token=t");
    }

    private URI farUrl() {
        return url("rtmp", server.address().getPort());
    }

    private final class SinkEvents implements StreamSink.Events {
        @Override
        public void connected() {
            // What counts is what arrives.
        }

        @Override
        public void ended(RelayEnd end) {
            ends.add(end);
        }
    }

    private final class SourceEvents implements StreamSource.Events {
        private final StreamHub into;

        private SourceEvents() {
            this(near);
        }

        private SourceEvents(StreamHub into) {
            this.into = into;
        }

        @Override
        public Publication connected(Publisher publisher) {
            return into.feed(CAM, publisher);
        }

        @Override
        public void ended(RelayEnd end) {
            ends.add(end);
        }
    }

    private RelayEnd end() throws InterruptedException {
        return java.util.Objects.requireNonNull(ends.poll(20, TimeUnit.SECONDS), "the relay did not end");
    }

    @Test
    void aPushedStreamArrivesAndEndsWithItsSource() throws Exception {
        TestPeer publisher = TestPeer.publisher(near, "cam");
        publisher.keyFrame(0, "01");
        StreamSink sink = dialer.sink(CAM, farUrl(), List.of("near-node"));
        sink.start(near.find(CAM), new SinkEvents());
        await().until(() -> far.find(CAM) != null && !far.find(CAM).tracks().isEmpty());
        assertThat(far.find(CAM).publisher().route()).containsExactly("near-node");
        assertThat(far.find(CAM).publisher().query()).isEqualTo("token=t");
        publisher.call(0, "deleteStream", 0, NULL, AmfValue.of(1));
        assertThat(end().kind()).isEqualTo(RelayEnd.Kind.STREAM_ENDED);
        await().until(() -> far.find(CAM) == null);
    }

    /** Milliseconds from picture to picture, each sent when the far server has the one before. */
    private List<Long> pingPong(TestPeer publisher, MediaStream at, int pictures) {
        List<Long> took = new ArrayList<>();
        for (int i = 1; i <= pictures; i++) {
            long before = System.nanoTime();
            long packets = at.counters().packets();
            publisher.keyFrame(40 * i, "01");
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> at.counters().packets() > packets);
            took.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before));
        }
        return took;
    }

    @Test
    void aPublisherIsReadAtOnceOnlyWhenSomebodyAwaitsItsStream() {
        // There alone it can be told how much wakes a loop.
        assertThat(loops.engine()).isEqualTo(IoEngine.EPOLL);
        TestPeer publisher = TestPeer.publisher(near, "cam");
        publisher.keyFrame(0, "01");
        dialer.sink(CAM, farUrl(), List.of()).start(near.find(CAM), new SinkEvents());
        await().until(() -> far.find(CAM) != null && far.find(CAM).counters().packets() > 0);
        MediaStream arriving = far.find(CAM);
        List<Long> idle = pingPong(publisher, arriving, 6);
        // The first one may still be from before.
        assertThat(idle.stream().skip(1).mapToLong(Long::longValue).sum()).isGreaterThan(400);
        arriving.watch(new LogWatcher() {
            @Override
            public void onAppend(Growth growth) {
                // It only wants to be told.
            }

            @Override
            public boolean isEager() {
                return true;
            }

            @Override
            public void onEnd(EndReason reason) {
                // Nothing to do.
            }
        });
        assertThat(pingPong(publisher, arriving, 20)).anyMatch(millis -> millis < 50);
    }

    @Test
    void aTargetGetsMetadataConfigurationsAndTheCachedPicturesFirst() throws Exception {
        String metadata = "02000a6f6e4d65746144617461" + "080000000100057769647468004074000000000000000009";
        String prefix = "02000d40736574446174614672616d65";
        TestPeer publisher = TestPeer.publisher(near, "cam");
        publisher.send(new RtmpMessage.Data(1, 0, TestPeer.bytes(prefix + metadata)));
        publisher.send(new RtmpMessage.Audio(1, 0, TestPeer.bytes("af001210")));
        publisher.send(new RtmpMessage.Video(1, 0, TestPeer.bytes("1700000000aa")));
        publisher.send(new RtmpMessage.Video(1, 0, TestPeer.bytes("170100000001")));
        publisher.send(new RtmpMessage.Video(1, 40, TestPeer.bytes("270100000002")));
        int port = scripted((link, command) -> {
            switch (command) {
                case RtmpCommand.Connect connect -> link.command(0, "_result", 1, NULL, NULL);
                case RtmpCommand.CreateStream create ->
                    link.command(0, "_result", create.transaction(), NULL, AmfValue.of(1));
                case RtmpCommand.Publish publish ->
                    link.command(1, "onStatus", 0, NULL, RtmpStatus.PUBLISH_START.information("yes"));
                default -> {}
            }
        });
        dialer.sink(CAM, url("rtmp", port), List.of()).start(near.find(CAM), new SinkEvents());
        // Nothing more is published: all that comes is what the server had kept.
        for (String expected : List.of(prefix + metadata, "1700000000aa", "af001210", "170100000001", "270100000002")) {
            assertThat(media.poll(20, TimeUnit.SECONDS)).isEqualTo(expected);
        }
    }

    @Test
    void aPulledStreamArrivesAndEndsWithItsSource() throws Exception {
        TestPeer publisher = TestPeer.publisher(far, "cam");
        publisher.keyFrame(0, "01");
        dialer.source(CAM, farUrl(), List.of("near-node")).start(new SourceEvents());
        await().until(() -> near.find(CAM) != null && !near.find(CAM).tracks().isEmpty());
        assertThat(near.find(CAM).publisher().peer().isRelay()).isTrue();
        assertThat(near.find(CAM).publisher().route()).containsExactly("far-node");
        assertThat(far.find(CAM).viewerCount()).isOne();
        publisher.call(0, "deleteStream", 0, NULL, AmfValue.of(1));
        assertThat(end().kind()).isEqualTo(RelayEnd.Kind.STREAM_ENDED);
        await().until(() -> near.find(CAM) == null);
    }

    @Test
    void aPulledStreamAboveTheBitRateIsEnded() throws Exception {
        StreamLimits all = StreamLimits.defaults();
        StreamLimits limits = new StreamLimits(
                all.streams(),
                1,
                all.logBytes(),
                all.logPackets(),
                all.logDuration(),
                all.viewerBacklogBytes(),
                all.viewerBacklogTime(),
                all.viewerStallTimeout(),
                all.viewerSkips(),
                all.memory());
        StreamSettings usual = StreamSettings.defaults();
        StreamHub slow = hub(new StreamSettings(
                usual.onConflict(), usual.grace(), usual.publishTimeout(), usual.latency(), List.of(), 1, limits));
        TestPeer publisher = TestPeer.publisher(far, "cam");
        publisher.keyFrame(0, "01");
        dialer.source(CAM, farUrl(), List.of()).start(new SourceEvents(slow));
        await().until(() -> slow.find(CAM) != null);
        publisher.keyFrame(40, "00".repeat(2_000));
        RelayEnd end = end();
        assertThat(end.kind()).isEqualTo(RelayEnd.Kind.REFUSED);
        assertThat(end.message()).contains("limit_stream_kbps");
        await().until(() -> slow.find(CAM) == null && far.find(CAM).viewerCount() == 0);
        slow.stop();
    }

    @Test
    void aRelayThatIsStoppedSaysGoodbye() throws Exception {
        TestPeer publisher = TestPeer.publisher(far, "cam");
        publisher.keyFrame(0, "01");
        StreamSource source = dialer.source(CAM, farUrl(), List.of());
        source.start(new SourceEvents());
        await().until(() -> far.find(CAM).viewerCount() == 1);
        source.stop();
        source.stop();
        assertThat(end().kind()).isEqualTo(RelayEnd.Kind.STOPPED);
        await().until(() -> far.find(CAM).viewerCount() == 0);
    }

    @Test
    void aStreamThatIsNotThereIsNotFound() throws Exception {
        dialer.source(CAM, farUrl(), List.of()).start(new SourceEvents());
        assertThat(end())
                .isEqualTo(new RelayEnd(
                        RelayEnd.Kind.NOT_FOUND, "NetStream.Play.StreamNotFound stream live/cam is not published"));
    }

    @Test
    void aCircleIsFoundByTheNodesOnTheRoute() throws Exception {
        dialer.source(CAM, farUrl(), List.of("far-node", "near-node")).start(new SourceEvents());
        assertThat(end().kind()).isEqualTo(RelayEnd.Kind.LOOP);
    }

    @Test
    void nobodyThereIsUnreachable() throws Exception {
        int closed = scripted((link, command) -> {});
        scripted.getLast().stop().toCompletableFuture().get();
        dialer.source(CAM, url("rtmp", closed), List.of()).start(new SourceEvents());
        assertThat(end().kind()).isEqualTo(RelayEnd.Kind.UNREACHABLE);
    }

    @Test
    void plainRtmpOnATlsUrlIsUnreachable() throws Exception {
        dialer.source(CAM, url("rtmps", server.address().getPort()), List.of()).start(new SourceEvents());
        assertThat(end().kind()).isEqualTo(RelayEnd.Kind.UNREACHABLE);
    }

    @Test
    void aServerThatNeverAnswersIsStalled() throws Exception {
        dialer.source(CAM, url("rtmp", scripted((link, command) -> {})), List.of())
                .start(new SourceEvents());
        assertThat(end()).isEqualTo(new RelayEnd(RelayEnd.Kind.STALLED, "no answer in time"));
    }

    @Test
    void aServerThatAcceptsAndSendsNothingDoesNotHaveTheStream() throws Exception {
        int port = scripted((link, command) -> {
            switch (command) {
                case RtmpCommand.Connect connect -> link.command(0, "_result", 1, NULL, NULL);
                case RtmpCommand.CreateStream create ->
                    link.command(0, "_result", create.transaction(), NULL, AmfValue.of(1));
                case RtmpCommand.Play play ->
                    link.command(1, "onStatus", 0, NULL, RtmpStatus.PLAY_START.information("yes"));
                default -> {}
            }
        });
        dialer.source(CAM, url("rtmp", port), List.of()).start(new SourceEvents());
        assertThat(end()).isEqualTo(new RelayEnd(RelayEnd.Kind.NOT_FOUND, "accepted, but nothing came"));
    }

    @Test
    void aRelaySaysToTheFarSideWhatPassesThroughIt() throws Exception {
        BlockingQueue<AmfValue.Fields> said = new LinkedBlockingQueue<>();
        int port = scripted((link, command) -> {
            if (command instanceof RtmpCommand.Connect connect) {
                said.add(connect.object());
            }
        });
        TestPeer.publisher(near, "cam").keyFrame(0, "01");
        dialer.sink(CAM, url("rtmp", port), List.of()).start(near.find(CAM), new SinkEvents());
        dialer.source(CAM, url("rtmp", port), List.of()).start(new SourceEvents(far));
        for (String way : List.of("push", "pull")) {
            AmfValue.Fields object = java.util.Objects.requireNonNull(said.poll(20, TimeUnit.SECONDS), way);
            assertThat(object.fields()).as(way).containsKeys("capsEx", "videoFourCcInfoMap", "audioFourCcInfoMap");
            assertThat(object.fields().get("fourCcList").toString())
                    .as(way)
                    .contains("hvc1", "av01", "vp09", "avc1", "Opus", "fLaC", "ac-3", "ec-3", "mp4a");
        }
    }

    /** As OBS and ffmpeg send {@code rtmp://h/live-bvc/} with the key {@code ?streamname=x&key=y}. */
    @Test
    void aKeyThatIsOnlyAQueryIsTheWholeName() throws Exception {
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        int port = scripted((link, command) -> {
            switch (command) {
                case RtmpCommand.Connect connect -> {
                    said.add(connect.text("app"));
                    said.add(connect.text("tcUrl"));
                    link.command(0, "_result", 1, NULL, NULL);
                }
                case RtmpCommand.CreateStream create ->
                    link.command(0, "_result", create.transaction(), NULL, AmfValue.of(1));
                case RtmpCommand.Publish publish -> said.add(publish.name());
                default -> {}
            }
        });
        TestPeer.publisher(near, "cam").keyFrame(0, "01");
        URI to = URI.create("rtmp://127.0.0.1:" + port + "/live-bvc/?streamname=x&key=y");
        dialer.sink(CAM, to, List.of()).start(near.find(CAM), new SinkEvents());
        for (String expected : List.of("live-bvc", "rtmp://127.0.0.1:" + port + "/live-bvc", "?streamname=x&key=y")) {
            assertThat(said.poll(20, TimeUnit.SECONDS)).isEqualTo(expected);
        }
    }

    @Test
    void redirectsAreFollowed() throws Exception {
        TestPeer publisher = TestPeer.publisher(far, "cam");
        publisher.keyFrame(0, "01");
        int port = scripted(redirect("rtmp://127.0.0.1:" + server.address().getPort() + "/live"));
        dialer.source(CAM, url("rtmp", port), List.of()).start(new SourceEvents());
        await().until(() -> near.find(CAM) != null);
        assertThat(ends).isEmpty();
    }

    @Test
    void redirectsInACircleEnd() throws Exception {
        int[] port = new int[1];
        port[0] = scripted((link, command) ->
                redirect("rtmp://127.0.0.1:" + port[0] + "/live").accept(link, command));
        dialer.source(CAM, url("rtmp", port[0]), List.of()).start(new SourceEvents());
        assertThat(end()).isEqualTo(new RelayEnd(RelayEnd.Kind.REFUSED, "redirected more than 3 times"));
    }

    /** Its goodbye comes behind all that it has asked. */
    @Test
    void aFarSideThatRepeatsItsAnswersIsAskedOnce() throws Exception {
        BlockingQueue<RtmpCommand> asked = new LinkedBlockingQueue<>();
        int port = scripted((link, command) -> {
            switch (command) {
                case RtmpCommand.Connect connect -> link.command(0, "_result", 1, NULL, NULL);
                case RtmpCommand.CreateStream create -> {
                    link.command(0, "_result", create.transaction(), NULL, AmfValue.of(1));
                    link.command(0, "_result", create.transaction(), NULL, AmfValue.of(2));
                    AmfValue why = RtmpStatus.PLAY_STREAM_NOT_FOUND.information("not here");
                    link.command(1, "onStatus", 0, NULL, why);
                }
                default -> asked.add(command);
            }
        });
        dialer.source(CAM, url("rtmp", port), List.of()).start(new SourceEvents());
        assertThat(end().kind()).isEqualTo(RelayEnd.Kind.NOT_FOUND);
        assertThat(asked.poll(20, TimeUnit.SECONDS)).isInstanceOf(RtmpCommand.Play.class);
        assertThat(asked.poll(20, TimeUnit.SECONDS)).isEqualTo(new RtmpCommand.DeleteStream(7, 1));
    }

    private static BiConsumer<RtmpLink, RtmpCommand> redirect(String to) {
        return (link, command) -> {
            AmfValue ex = AmfValue.fields().put("code", 302).put("redirect", to).object();
            AmfValue why = AmfValue.fields()
                    .put("level", "error")
                    .put("code", "NetConnection.Connect.Rejected")
                    .put("ex", ex)
                    .object();
            link.command(0, "_error", command.transaction(), NULL, why);
        };
    }

    /** A server that shakes hands and then does as told; returns its port. */
    private int scripted(BiConsumer<RtmpLink, RtmpCommand> script) {
        TcpListener listener = new TcpListener(
                "scripted",
                BindAddress.parse("127.0.0.1").withPort(0),
                loops,
                gate,
                channel -> ScriptedServer.serve(channel, script, part -> media.add(ByteBufUtil.hexDump(part.body()))));
        listener.start();
        scripted.add(listener);
        return listener.address().getPort();
    }
}
