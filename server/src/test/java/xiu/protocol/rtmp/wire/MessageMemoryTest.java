package xiu.protocol.rtmp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.bytes.MalformedDataException;

class MessageMemoryTest {
    private static final int MIB = 1 << 20;

    private final MessageMemory memory = new MessageMemory(MIB);
    private final List<ChunkDecoder> decoders = new ArrayList<>();

    @AfterEach
    void everythingIsGivenBack() {
        decoders.forEach(ChunkDecoder::close);
        assertThat(memory.held()).isZero();
    }

    private ChunkDecoder decoder() {
        ChunkLimits limits = new ChunkLimits(4 * MIB, 4 * MIB, 1 << 16, 8).sharing(memory);
        ChunkDecoder decoder = new ChunkDecoder(
                limits, UnpooledByteBufAllocator.DEFAULT, (type, timestamp, id, body) -> body.release());
        decoder.chunkSize(4 * MIB);
        decoders.add(decoder);
        return decoder;
    }

    /** The beginning of a video message of {@code length} bytes. */
    private static ByteBuf message(int length, int bytes) {
        return Unpooled.buffer()
                .writeByte(6)
                .writeMedium(0)
                .writeMedium(length)
                .writeByte(9)
                .writeIntLE(1)
                .writeZero(bytes);
    }

    @Test
    void whoHoldsMuchOfWhatIsUsedUpGetsNoMore() {
        ChunkDecoder first = decoder();
        first.decode(message(2 * MIB, MIB));
        assertThat(memory.held()).isBetween((long) MIB, 2L * MIB);
        ChunkDecoder second = decoder();
        assertThatThrownBy(() -> second.decode(message(MIB, MIB - 1)))
                .isInstanceOf(MalformedDataException.class)
                .hasMessageContaining("bytes of all unfinished messages");
        second.close();
        first.close();
        decoder().decode(message(MIB, MIB - 1));
    }

    @Test
    void aLittleIsAlwaysThere() {
        decoder().decode(message(2 * MIB, MIB));
        ChunkDecoder usual = decoder();
        for (int i = 0; i < 100; i++) {
            usual.decode(message(200_000, 200_000));
        }
        assertThat(memory.held()).isLessThanOrEqualTo(2 * MIB);
    }

    @Test
    void anAbortedMessageGivesItsMemoryBack() {
        ChunkDecoder decoder = decoder();
        decoder.decode(message(MIB, 1_000));
        decoder.abort(6);
        assertThat(memory.held()).isZero();
    }
}
