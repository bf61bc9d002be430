package xiu.protocol.rtmp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xiu.container.flv.amf.AmfFields;
import xiu.container.flv.amf.AmfValue;
import xiu.container.flv.amf.AmfWriter;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.server.TestPeer;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.stream.AccessPolicy;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSink;
import xiu.stream.relay.StreamSource;
import xiu.stream.settings.StreamLimits;
import xiu.stream.settings.StreamSettings;
import xiu.transport.client.FarTrust;

/** What an origin or a target may cost that is as hostile as a publisher can be, by a clock of the test's own. */
class ClientLimitsTest {
    private static final StreamKey CAM = new StreamKey("live", "cam");
    private static final AmfValue NULL = AmfValue.Nothing.NULL;
    private static final FarTrust TLS = FarTrust.of(Optional.empty());
    private static final int MIB = 1 << 20;
    private static final String MESSAGE_TIMEOUT = "limit_rtmp_message_timeout";
    private static final String UNFINISHED = "limit_rtmp_unfinished_bytes";
    /** 256 KiB of video on chunk stream 7, of which a chunk comes. */
    private static final String BEGIN = "07 000000 040000 09 01000000" + "17".repeat(128);
    /** One chunk more. */
    private static final String MORE = "c7" + "17".repeat(128);

    private static final RtmpLimits USUAL = RtmpLimits.defaults();
    private static final RtmpLimits SMALL = new RtmpLimits(
            MIB,
            USUAL.mediaBytes(),
            USUAL.commandBytes(),
            USUAL.chunkStreams(),
            USUAL.messageStreams(),
            USUAL.connectTimeout(),
            USUAL.amfDepth(),
            4_096,
            1_024,
            USUAL.messageTimeout(),
            USUAL.unfinishedBytes());

    /** Chunks of 16 MiB. */
    private static final String ONE_CHUNK = "02 000000 000004 01 00000000 00FFFFFF";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final StreamHub hub = TestPeer.hub(timer);
    private final MessageMemory memory = new MessageMemory(8 * MIB);
    private final List<Relay> relays = new ArrayList<>();
    private RtmpLimits limits = USUAL;

    @AfterEach
    void end() {
        relays.forEach(Relay::close);
        hub.stop();
        TestPeer.closeAll();
        timer.shutdownNow();
        assertThat(memory.held()).isZero();
    }

    /** A relay and the other end of its connection. */
    private final class Relay implements StreamSource.Events, StreamSink.Events {
        final FarSide far;
        final RtmpDialer dialer;
        final List<RelayEnd> ends = new ArrayList<>();
        final StreamHub into;

        Relay(StreamHub into) {
            this(into, new FarSide(UnpooledByteBufAllocator.DEFAULT));
        }

        Relay(StreamHub into, FarSide far) {
            this.into = into;
            this.far = far;
            Duration times = Duration.ofSeconds(10);
            dialer = new RtmpDialer(far, limits.chunks().sharing(memory), TLS, new ClientTimes(times, times, times));
            relays.add(this);
        }

        /** Dials and gets as far as the question whether it may play or publish. */
        private Relay ask() {
            far.settle();
            far.shakeHands();
            command(0, "_result", 1, NULL, NULL);
            command(0, "_result", 4, NULL, AmfValue.of(1));
            return this;
        }

        private Relay agree(String code) {
            command(1, "onStatus", 0, NULL, AmfValue.fields().put("code", code).object());
            assertThat(far.isOpen()).isTrue();
            return this;
        }

        private void command(int stream, String name, double transaction, AmfValue... values) {
            ByteBuf body = Unpooled.buffer();
            AmfWriter writer = new AmfWriter(body).text(name).value(AmfValue.of(transaction));
            List.of(values).forEach(writer::value);
            far.say(Unpooled.buffer()
                    .writeByte(3)
                    .writeMedium(0)
                    .writeMedium(body.readableBytes())
                    .writeByte(20)
                    .writeIntLE(stream)
                    .writeBytes(body));
        }

        void say(String hex) {
            far.say(TestPeer.bytes(hex.replace(" ", "")));
        }

        /** An AAC frame. */
        void audio(int timestamp) {
            say("04 %06x 000003 08 01000000 af01aa".formatted(timestamp));
        }

        /** An H.263 key frame. */
        void keyFrame(int timestamp) {
            say("06 %06x 000002 09 01000000 1201".formatted(timestamp));
        }

        /** The beginning of a long video message. */
        Relay hoard(int length, int bytes) {
            say(ONE_CHUNK);
            far.say(Unpooled.buffer()
                    .writeByte(7)
                    .writeMedium(0)
                    .writeMedium(length)
                    .writeByte(9)
                    .writeIntLE(1)
                    .writeZero(bytes));
            return this;
        }

        long troubles(String event) {
            return dialer.context().troubles().count(event);
        }

        @Override
        public Publication connected(Publisher publisher) {
            return into.feed(CAM, publisher);
        }

        @Override
        public void connected() {
            // What counts is what comes after it.
        }

        @Override
        public void ended(RelayEnd end) {
            ends.add(end);
        }

        void close() {
            far.close();
        }
    }

    private static URI url() {
        return URI.create("rtmp://far/live/cam");
    }

    private Relay asking() {
        return asking(hub);
    }

    private Relay asking(StreamHub into) {
        Relay relay = new Relay(into);
        relay.dialer.source(CAM, url(), List.of()).start(relay);
        return relay.ask();
    }

    private Relay pull() {
        return asking().agree("NetStream.Play.Start");
    }

    private Relay push() {
        StreamKey out = new StreamKey("live", "out");
        if (hub.find(out) == null) {
            TestPeer.publisher(hub, "out").keyFrame(0, "01");
        }
        Relay relay = new Relay(hub);
        relay.dialer.sink(out, url(), List.of()).start(hub.find(out), relay);
        return relay.ask().agree("NetStream.Publish.Start");
    }

    /** Sends audio, and a chunk of the video, every second. */
    private static void trickle(Relay relay, int fromSecond, int toSecond) {
        for (int second = fromSecond; second < toSecond; second++) {
            relay.audio(second * 1_000);
            relay.say(MORE);
            relay.far.pass(1);
        }
    }

    /** Every second by itself, so that nothing is seen later than it would be. */
    private static void pass(Relay relay, int seconds) {
        for (int second = 0; second < seconds; second++) {
            relay.far.pass(1);
        }
    }

    @Test
    void aMessageThatTricklesEndsThePullAlthoughAudioGoesOn() {
        Relay pull = pull();
        pass(pull, 1);
        pull.say(BEGIN);
        trickle(pull, 0, 29);
        assertThat(pull.ends).isEmpty();
        trickle(pull, 29, 30);
        assertThat(pull.ends)
                .containsExactly(
                        new RelayEnd(RelayEnd.Kind.STALLED, "limit_rtmp_message_timeout: a message is not whole"));
        assertThat(pull.troubles(MESSAGE_TIMEOUT)).isEqualTo(1);
        assertThat(hub.streams()).isEmpty();
    }

    @Test
    void anAbortedMessageHasNoTime() {
        Relay pull = pull();
        for (int round = 0; round < 3; round++) {
            pull.say(BEGIN);
            trickle(pull, round * 29, round * 29 + 29);
            pull.say("02 000000 000004 02 00000000 00000007");
        }
        assertThat(pull.ends).isEmpty();
        assertThat(pull.far.isOpen()).isTrue();
    }

    @Test
    void aTargetHasNotMoreTimeForItsAnswers() {
        Relay push = push();
        pass(push, 300);
        push.say(BEGIN);
        pass(push, 29);
        assertThat(push.ends).isEmpty();
        push.far.pass(1);
        assertThat(push.ends).extracting(RelayEnd::kind).containsExactly(RelayEnd.Kind.STALLED);
        assertThat(push.troubles(MESSAGE_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void anOriginIsSilentForSoLong() {
        Relay pull = pull();
        for (int second = 0; second < 60; second += 9) {
            pull.audio(second * 1_000);
            pass(pull, 9);
        }
        assertThat(pull.ends).isEmpty();
        pass(pull, 6);
        assertThat(pull.ends).containsExactly(new RelayEnd(RelayEnd.Kind.STALLED, "nothing came any more"));
    }

    private StreamHub hub(int kbps, int packets) {
        StreamLimits defaults = StreamLimits.defaults();
        StreamLimits limits = new StreamLimits(
                1,
                kbps,
                defaults.logBytes(),
                packets,
                defaults.logDuration(),
                defaults.viewerBacklogBytes(),
                defaults.viewerBacklogTime(),
                defaults.viewerStallTimeout(),
                0,
                0);
        return new StreamHub(StreamSettings.defaults().with(1, limits), AccessPolicy.OPEN, timer);
    }

    @Test
    void aGroupThatDoesNotFitIntoTheLogIsSaidOnce() {
        StreamHub small = hub(0, 64);
        Relay pull = asking(small).agree("NetStream.Play.Start");
        for (int i = 0; i < 10; i++) {
            pull.keyFrame(i * 1_000);
            for (int part = 0; part < 40; part++) {
                pull.audio(i * 1_000 + part * 20);
            }
            pull.far.pass(1);
        }
        assertThat(pull.troubles("limit_log")).isZero();
        for (int i = 0; i < 100; i++) {
            pull.audio(10_000 + i * 20);
        }
        pass(pull, 9);
        assertThat(pull.troubles("limit_log")).isEqualTo(1);
        assertThat(pull.ends).isEmpty();
        small.stop();
    }

    @Test
    void anOriginHasABitRate() {
        StreamHub slow = hub(8, 1_000);
        Relay pull = asking(slow).agree("NetStream.Play.Start");
        for (int second = 0; second < 60; second++) {
            pull.audio(second * 1_000);
            pull.far.pass(1);
        }
        assertThat(pull.ends).isEmpty();
        for (int i = 0; i < 1_000; i++) {
            pull.audio(60_000 + i);
        }
        assertThat(pull.ends)
                .containsExactly(new RelayEnd(RelayEnd.Kind.REFUSED, "limit_stream_kbps: more than 8 kbit/s"));
        assertThat(pull.troubles("limit_stream_kbps")).isEqualTo(1);
        slow.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "rtmp_chunk_size, 02 000000 000004 01 00000000 00100001, 02 000000 000004 01 00000000 00100000",
        "rtmp_media_bytes, 07 000000 800001 09 01000000, 07 000000 800000 09 01000000",
        "rtmp_command_bytes, 07 000000 010001 14 00000000, 07 000000 010000 14 00000000",
    })
    void lengthsHaveLimits(String key, String over, String just) {
        limits = SMALL;
        for (Relay relay : List.of(pull(), push())) {
            relay.say(just);
            assertThat(relay.ends).as("just as much as it may").isEmpty();
            assertThat(relay.far.isOpen()).isTrue();
        }
        for (Relay relay : List.of(pull(), push())) {
            relay.say(over);
            isOver(relay, key);
        }
    }

    private static void isOver(Relay relay, String key) {
        assertThat(relay.ends).extracting(RelayEnd::kind).containsExactly(RelayEnd.Kind.UNREACHABLE);
        assertThat(relay.troubles("limit_" + key)).as(key).isEqualTo(1);
        assertThat(relay.far.isOpen()).isFalse();
    }

    @Test
    void chunkStreamsHaveALimit() {
        for (Relay relay : List.of(pull(), push())) {
            // It has spoken on one of them already.
            for (int number = 0; number < 63; number++) {
                relay.say("00 %02x 000000 000001 08 01000000 af".formatted(number));
            }
            assertThat(relay.ends).isEmpty();
            relay.say("00 f0 000000 000001 08 01000000 af");
            isOver(relay, "rtmp_chunk_streams");
        }
    }

    private static AmfValue nested(int depth) {
        AmfValue value = AmfValue.of("x");
        for (int i = 1; i < depth; i++) {
            value = AmfValue.fields().put("a", value).object();
        }
        return value;
    }

    @Test
    void valuesHaveADepthALengthAndAWeight() {
        limits = SMALL;
        AmfFields many = AmfValue.fields();
        for (int i = 0; i <= SMALL.amfBytes() / 16; i++) {
            many.put("n" + i, i);
        }
        Map<String, AmfValue> values = Map.of(
                "rtmp_amf_depth",
                nested(33),
                "rtmp_amf_string_bytes",
                AmfValue.of("x".repeat(SMALL.amfStringBytes() + 1)),
                "rtmp_amf_bytes",
                many.object());
        values.forEach((key, value) -> {
            for (Relay relay : List.of(pull(), push())) {
                relay.say("02 000000 000004 01 00000000 00100000");
                relay.command(0, "onBWDone", 0, nested(32));
                assertThat(relay.ends).isEmpty();
                relay.command(0, "onBWDone", 0, value);
                isOver(relay, key);
            }
        });
    }

    /** It is handed on to players and other servers. */
    @Test
    void dataHasADepthAsWell() {
        Relay pull = pull();
        pull.audio(0);
        pull.say(ONE_CHUNK);
        pull.far.say(data(nested(32)));
        assertThat(pull.ends).isEmpty();
        pull.far.say(data(nested(33)));
        isOver(pull, "rtmp_amf_depth");
    }

    /** It waits for the first picture, which need not come. */
    @Test
    void dataBeforeTheFirstPictureIsBoundedInBytes() {
        UnpooledByteBufAllocator own = new UnpooledByteBufAllocator(false);
        Relay pull = new Relay(hub, new FarSide(own));
        pull.dialer.source(CAM, url(), List.of()).start(pull);
        pull.ask().agree("NetStream.Play.Start").say(ONE_CHUNK);
        for (int i = 0; i < 10; i++) {
            // In two pieces, or it would lie in what the test made.
            ByteBuf data = data(AmfValue.of("x".repeat(MIB / 4)));
            pull.far.say(data.readBytes(100));
            pull.far.say(data);
        }
        assertThat(own.metric().usedHeapMemory() + own.metric().usedDirectMemory())
                .isBetween(MIB / 2L, 3L * MIB / 2);
        assertThat(pull.ends).isEmpty();
    }

    private static ByteBuf data(AmfValue value) {
        ByteBuf body = Unpooled.buffer();
        new AmfWriter(body).text("onMetaData").value(value);
        return Unpooled.buffer()
                .writeByte(5)
                .writeMedium(0)
                .writeMedium(body.readableBytes())
                .writeByte(18)
                .writeIntLE(1)
                .writeBytes(body);
    }

    @Test
    void rubbishIsCountedToo() {
        Relay pull = pull();
        pull.say("02 000000 000004 01 00000000 00000000");
        assertThat(pull.ends).extracting(RelayEnd::kind).containsExactly(RelayEnd.Kind.UNREACHABLE);
        assertThat(pull.troubles("malformed")).isEqualTo(1);
    }

    /** A target has nothing long to say, so it goes before the origin in the middle of a picture. */
    @Test
    void unfinishedMessagesOfRelaysShareTheMemoryOfAllAndTargetsGoFirst() {
        Relay pull = pull().hoard(6 * MIB, 4 * MIB);
        Relay push = push().hoard(8 * MIB, 3 * MIB);
        assertThat(memory.held()).isBetween(7L * MIB, 8L * MIB);
        pull.far.say(Unpooled.buffer().writeZero(MIB + 1));
        push.far.settle();
        assertThat(memory.held()).isBetween(5L * MIB, 6L * MIB);
        isOver(push, "rtmp_unfinished_bytes");
        assertThat(pull.ends).isEmpty();
        assertThat(pull.troubles(UNFINISHED)).isZero();
    }

    @Test
    void whatIsNotYetPlayedGoesBeforeWhatIs() {
        Relay pull = pull().hoard(8 * MIB, 5 * MIB);
        Relay asking = asking().hoard(8 * MIB, 3 * MIB + 1);
        isOver(asking, "rtmp_unfinished_bytes");
        assertThat(pull.ends).isEmpty();
    }

    @Test
    void anOriginWithAUsualKeyFrameStaysAndOneThatHoardsGoes() {
        Relay honest = pull().hoard(200_000, 150_000);
        honest.far.pass(5);
        Relay hoarder = pull().hoard(8 * MIB, 8 * MIB - 1);
        honest.far.settle();
        assertThat(honest.ends).isEmpty();
        isOver(hoarder, "rtmp_unfinished_bytes");
    }
}
