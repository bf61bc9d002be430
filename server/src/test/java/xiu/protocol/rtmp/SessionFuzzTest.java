package xiu.protocol.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.check.Damage;
import xiu.check.Quiet;
import xiu.stream.AccessPolicy;
import xiu.stream.StreamHub;
import xiu.stream.settings.StreamSettings;
import xiu.stream.settings.StreamSettings.OnConflict;

/** Any messages in any state of a session: answered, ignored or its end, and never a fault of ours. */
@Tag("fuzz")
class SessionFuzzTest {
    private static final Quiet QUIET = Quiet.at("xiu");
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor();
    private static final StreamHub HUB = hub();
    /** Chunk size 65,536, so that every message is one chunk. */
    private static final String ONE_CHUNK = "02000000000004010000000000010000";

    private static final int MOST_MESSAGES = 64;

    private static StreamHub hub() {
        StreamSettings defaults = StreamSettings.defaults();
        return new StreamHub(
                new StreamSettings(
                        OnConflict.TAKEOVER,
                        Duration.ZERO,
                        Duration.ofSeconds(4),
                        defaults.latency(),
                        List.of(),
                        1,
                        defaults.limits()),
                AccessPolicy.OPEN,
                TIMER);
    }

    @AfterAll
    static void stop() {
        HUB.stop();
        TIMER.shutdownNow();
    }

    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "messages", this::messages);
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
        peer.server.writeInbound(TestPeer.bytes(ONE_CHUNK));
        for (int i = 0; i < MOST_MESSAGES && in.readableBytes() > 5 && peer.server.isActive(); i++) {
            peer.server.writeInbound(message(in));
            peer.pump();
        }
        TestPeer.closeAll();
        assertThat(peer.ends).isEqualTo(1);
        assertThat(HUB.streams()).isEmpty();
        QUIET.check();
    }

    private static TestPeer peer(int state) {
        return switch (state) {
            case 0 -> new TestPeer(HUB);
            case 1 -> new TestPeer(HUB).connect("live");
            case 2 -> TestPeer.publisher(HUB, "cam");
            default -> TestPeer.player(HUB, "cam");
        };
    }

    private static ByteBuf message(ByteBuf in) {
        int type = in.readUnsignedByte();
        int stream = in.readUnsignedByte();
        int time = in.readUnsignedByte();
        int length = Math.min(in.readUnsignedShort(), in.readableBytes());
        return Unpooled.buffer()
                .writeByte(6)
                .writeMedium(time)
                .writeMedium(length)
                .writeByte(type)
                .writeIntLE(stream)
                .writeBytes(in, length);
    }
}
