package xiu.protocol.rtmp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.bytes.MalformedDataException;
import xiu.check.Damage;
import xiu.container.flv.amf.AmfLimits;
import xiu.protocol.rtmp.wire.RtmpMessage.Aggregate;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;

/** Any bytes behind a handshake: {@code JAZZER_FUZZ=1} looks for more; without it the kept corpus is replayed. */
@Tag("fuzz")
class ChunkFuzzTest {
    private static final ChunkLimits LIMITS = new ChunkLimits(1 << 16, 1 << 16, 1 << 12, 8);

    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "anyBytesGiveMessagesOrMalformedData", this::anyBytesGiveMessagesOrMalformedData);
        Damage.inflict(getClass(), "anySplitGivesTheSame", this::anySplitGivesTheSame);
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesGiveMessagesOrMalformedData(byte[] bytes) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        ChunkDecoder decoder = new ChunkDecoder(LIMITS, allocator, ChunkFuzzTest::consume);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        try {
            decoder.decode(in);
        } catch (MalformedDataException refused) {
            assertThat(refused).hasMessageContaining("expected: ");
        } finally {
            // What has come, and not what was announced: chunk streams keep a first piece each.
            assertThat(allocator.metric().usedHeapMemory()).isLessThanOrEqualTo(4L * bytes.length + 8 * 4_096);
            decoder.close();
        }
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    private static void consume(int type, int timestamp, int messageStreamId, ByteBuf body) {
        RtmpMessage message = RtmpMessageDecoder.decode(type, timestamp, messageStreamId, body, AmfLimits.defaults());
        if (message instanceof Aggregate aggregate) {
            AggregateSplitter.split(aggregate, part -> part.body().release());
        } else if (message instanceof Media media) {
            media.body().release();
        }
    }

    /** The first byte says how long the pieces are. */
    @FuzzTest(maxDuration = "60s")
    void anySplitGivesTheSame(byte[] bytes) {
        if (bytes.length > 1) {
            byte[] stream = Arrays.copyOfRange(bytes, 1, bytes.length);
            assertThat(messages(stream, 1 + (bytes[0] & 0xFF))).isEqualTo(messages(stream, stream.length));
        }
    }

    private static List<String> messages(byte[] bytes, int piece) {
        Received received = Received.untracked();
        try (received) {
            for (int at = 0; at < bytes.length; at += piece) {
                received.feed(Arrays.copyOfRange(bytes, at, Math.min(at + piece, bytes.length)));
            }
        } catch (MalformedDataException refused) {
            received.messages.add("malformed");
        }
        return received.messages;
    }
}
