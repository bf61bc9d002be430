package xiu.protocol.rtmp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.check.Damage;
import xiu.check.Quiet;
import xiu.protocol.rtmp.FuzzMessages;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.stream.StreamHub;

/** Any messages in any state of a session: answered, ignored or its end, and never a fault of ours. */
@Tag("fuzz")
class SessionFuzzTest {
    private static final Quiet QUIET = Quiet.at("xiu");
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor();
    private static final StreamHub HUB = TestPeer.hub(TIMER);

    private static final int MOST_MESSAGES = 64;
    private static final long MOST_MEMORY = 1 << 20;

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);
    private final List<ByteBuf> said = new ArrayList<>();

    @AfterAll
    static void stop() {
        HUB.stop();
        TIMER.shutdownNow();
    }

    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "messages", this::messages);
        Damage.inflict(getClass(), "bytes", this::bytes, 500);
    }

    /**
     * The first byte chooses how far the session has come; then messages: type, message stream, time, two bytes of
     * length, body.
     */
    @FuzzTest(maxDuration = "60s")
    void messages(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        if (!in.isReadable()) {
            return;
        }
        TestPeer peer = peer(in.readUnsignedByte() % 4);
        peer.server.writeInbound(TestPeer.bytes(FuzzMessages.ONE_CHUNK));
        for (int i = 0; i < MOST_MESSAGES && in.readableBytes() > 5; i++) {
            say(peer, FuzzMessages.message(in));
        }
        end(peer);
    }

    /**
     * The first byte chooses how far the session has come, the second how long the pieces are; then what comes in, as it
     * is on the wire.
     */
    @FuzzTest(maxDuration = "60s")
    void bytes(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        if (in.readableBytes() < 2) {
            return;
        }
        TestPeer peer = peer(in.readUnsignedByte() % 4);
        int piece = 1 + 4 * in.readUnsignedByte();
        while (in.isReadable()) {
            say(peer, Unpooled.buffer().writeBytes(in, Math.min(piece, in.readableBytes())));
        }
        end(peer);
    }

    private void say(TestPeer peer, ByteBuf bytes) {
        if (peer.server.isActive()) {
            said.add(bytes);
            peer.server.writeInbound(bytes);
            peer.pump();
            // What has come, and not what was announced; and a little for each chunk stream and answer.
            assertThat(memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory())
                    .isLessThan(MOST_MEMORY);
        }
    }

    private void end(TestPeer peer) {
        TestPeer.closeAll();
        assertThat(peer.ends).isEqualTo(1);
        assertThat(HUB.streams()).isEmpty();
        assertThat(said).allSatisfy(bytes -> assertThat(bytes.refCnt()).isZero());
        said.clear();
        assertThat(memory.metric().usedHeapMemory()).isZero();
        assertThat(memory.metric().usedDirectMemory()).isZero();
        QUIET.check();
    }

    private TestPeer peer(int state) {
        TestPeer peer = new TestPeer(HUB, RtmpLimits.defaults(), memory);
        if (state > 0) {
            peer.connect("live");
        }
        if (state == 2) {
            peer.publish(peer.createStream(), "cam");
        }
        if (state == 3) {
            peer.play(peer.createStream(), "cam");
        }
        return peer;
    }
}
