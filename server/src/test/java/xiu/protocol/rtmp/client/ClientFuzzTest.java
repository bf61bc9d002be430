package xiu.protocol.rtmp.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.check.Damage;
import xiu.check.Quiet;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.FuzzMessages;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.server.TestPeer;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSink;
import xiu.stream.relay.StreamSource;
import xiu.transport.client.FarTrust;

/** A relay whose far side says anything: it goes on or ends once, with a line that can be read, and keeps nothing. */
@Tag("fuzz")
class ClientFuzzTest {
    private static final Quiet QUIET = Quiet.at("xiu");
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor();
    private static final FarTrust TLS = FarTrust.of(Optional.empty());
    private static final StreamHub NEAR = TestPeer.hub(TIMER);
    private static final StreamHub SOURCE = TestPeer.hub(TIMER);
    private static final StreamKey CAM = new StreamKey("live", "cam");
    private static final AmfValue NULL = AmfValue.Nothing.NULL;
    private static final URI URL = URI.create("rtmp://far/live/cam?token=t");
    private static final ClientTimes TIMES =
            new ClientTimes(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));
    private static final int MOST_MESSAGES = 64;
    /** Where the type is in a chunk. */
    private static final int TYPE_AT = 7;

    private static final int MOST_CALLS = 4;
    private static final long MOST_MEMORY = 1 << 20;

    static {
        TestPeer camera = TestPeer.publisher(SOURCE, "cam");
        camera.audio(0, "01");
        camera.keyFrame(40, "0203");
    }

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);
    private final List<RelayEnd> ends = new ArrayList<>();
    private final List<ByteBuf> said = new ArrayList<>();

    @AfterAll
    static void stop() {
        TestPeer.closeAll();
        NEAR.stop();
        SOURCE.stop();
        TIMER.shutdownNow();
    }

    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "answers", this::answers);
    }

    /**
     * The first byte chooses whether it pulls or pushes, and how far it has come; then what the far side says: type,
     * message stream, time, two bytes of length, body. Type 0 is silence for so many seconds; with 0x80 in its type, a
     * message comes in one breath with the next.
     */
    @FuzzTest(maxDuration = "60s")
    void answers(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        if (!in.isReadable()) {
            return;
        }
        ends.clear();
        int first = in.readUnsignedByte();
        FarSide far = new FarSide(memory);
        RtmpDialer dialer = new RtmpDialer(far, RtmpLimits.defaults().chunks(), TLS, TIMES);
        Runnable stop = (first & 1) == 0 ? pull(dialer) : push(dialer);
        far.settle();
        int state = (first >> 1) % 5;
        come(far, state, (first & 1) == 0 ? "NetStream.Play.Start" : "NetStream.Publish.Start");
        for (int i = 0; i < MOST_MESSAGES && in.readableBytes() > 5; i++) {
            int calls = far.calls();
            if (in.getByte(in.readerIndex()) == 0) {
                far.pass(in.getUnsignedByte(in.readerIndex() + 2));
            }
            say(far, breath(in));
            if (far.calls() > calls) {
                come(far, 1, "");
            }
            assertThat(ends.size()).isLessThanOrEqualTo(1);
            assertThat(far.isOpen()).isEqualTo(ends.isEmpty());
        }
        stop.run();
        far.close();
        leavesNothing();
        // Redirects answer connect, and nothing else.
        assertThat(far.calls()).isBetween(1, state < 2 ? MOST_CALLS : 1);
    }

    private static ByteBuf breath(ByteBuf in) {
        ByteBuf breath = Unpooled.buffer();
        boolean more = true;
        while (more && in.readableBytes() > 5) {
            more = in.getByte(in.readerIndex()) < 0;
            ByteBuf message = FuzzMessages.message(in);
            breath.writeBytes(message.setByte(TYPE_AT, message.getByte(TYPE_AT) & 0x7F));
        }
        return breath;
    }

    private Runnable pull(RtmpDialer dialer) {
        StreamSource source = dialer.source(CAM, URL, List.of("near"));
        source.start(new StreamSource.Events() {
            @Override
            public Publication connected(Publisher publisher) {
                assertThat(publisher.route()).allSatisfy(ClientFuzzTest::isLine);
                return NEAR.feed(CAM, publisher);
            }

            @Override
            public void reached(String nodeId) {
                isLine(nodeId);
            }

            @Override
            public void ended(RelayEnd end) {
                ends.add(end);
            }
        });
        return source::stop;
    }

    private Runnable push(RtmpDialer dialer) {
        StreamSink sink = dialer.sink(CAM, URL, List.of("near"));
        sink.start(SOURCE.find(CAM), new StreamSink.Events() {
            @Override
            public void connected() {
                // What counts is what comes after it.
            }

            @Override
            public void ended(RelayEnd end) {
                ends.add(end);
            }
        });
        return sink::stop;
    }

    /** 1: hands shaken; 2: connect answered; 3: createStream too; 4: publishing or playing. */
    private void come(FarSide far, int state, String start) {
        if (state > 0) {
            far.shakeHands();
            say(far, TestPeer.bytes(FuzzMessages.ONE_CHUNK));
        }
        if (state > 1) {
            say(far, FarSide.command(0, "_result", 1, NULL, NULL));
        }
        if (state > 2) {
            say(far, FarSide.command(0, "_result", 4, NULL, AmfValue.of(1)));
        }
        if (state > 3) {
            say(
                    far,
                    FarSide.command(
                            1,
                            "onStatus",
                            0,
                            NULL,
                            AmfValue.fields().put("code", start).object()));
        }
    }

    private void say(FarSide far, ByteBuf bytes) {
        said.add(bytes);
        far.say(bytes);
        // What has come, and not what was announced; and a little for each chunk stream and answer.
        assertThat(memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory())
                .isLessThan(MOST_MEMORY);
    }

    private void leavesNothing() {
        assertThat(ends).hasSize(1).allSatisfy(end -> isLine(end.message()));
        assertThat(NEAR.streams()).isEmpty();
        assertThat(SOURCE.find(CAM).viewerCount()).isZero();
        assertThat(said).allSatisfy(bytes -> assertThat(bytes.refCnt()).isZero());
        said.clear();
        assertThat(memory.metric().usedHeapMemory()).isZero();
        assertThat(memory.metric().usedDirectMemory()).isZero();
        QUIET.check();
    }

    /** It will stand in a line of the log. */
    private static void isLine(String text) {
        assertThat(text).hasSizeLessThan(400).doesNotContainPattern("\\p{Cntrl}");
    }
}
