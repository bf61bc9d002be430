package xiu.protocol.rtmp.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Tag;
import xiu.bytes.MalformedDataException;
import xiu.protocol.rtmp.wire.RtmpMessage.Aggregate;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;

/** Any bytes behind a handshake: {@code JAZZER_FUZZ=1} looks for more; without it the kept corpus is replayed. */
@Tag("fuzz")
class ChunkFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void anyBytesGiveMessagesOrMalformedData(byte[] bytes) {
        ChunkDecoder decoder = new ChunkDecoder(
                new ChunkLimits(1 << 16, 1 << 16, 1 << 12, 8),
                UnpooledByteBufAllocator.DEFAULT,
                ChunkFuzzTest::consume);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        try {
            decoder.decode(in);
        } catch (MalformedDataException e) {
            // The only thing that may come out.
        } finally {
            decoder.close();
        }
    }

    private static void consume(int type, int timestamp, int messageStreamId, ByteBuf body) {
        RtmpMessage message = RtmpMessageCodec.decode(type, timestamp, messageStreamId, body);
        if (message instanceof Aggregate aggregate) {
            AggregateSplitter.split(aggregate, part -> part.body().release());
        } else if (message instanceof Media media) {
            media.body().release();
        }
    }
}
