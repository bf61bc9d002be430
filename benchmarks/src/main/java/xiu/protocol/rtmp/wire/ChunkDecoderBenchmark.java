package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import xiu.media.BenchmarkMedia;
import xiu.media.MediaPacket;

/** Two seconds of pictures from a publisher, chunks to messages; the time is for one picture. */
@State(Scope.Thread)
public class ChunkDecoderBenchmark {
    /** The publisher's chunk size: the protocol's default, and what encoders commonly announce. */
    @Param({"128", "4096", "60000"})
    int chunkSize = 128;

    private final ByteBuf chunks = Unpooled.directBuffer();
    private long bytes;
    private final ChunkDecoder decoder = new ChunkDecoder(
            new ChunkLimits(1 << 20, 1 << 20, 1 << 16, 16),
            PooledByteBufAllocator.DEFAULT,
            (type, timestamp, stream, body) -> {
                bytes += body.readableBytes();
                body.release();
            });

    /** Writes what the publisher sends. */
    @Setup
    public void publish() {
        decoder.chunkSize(chunkSize);
        for (int i = 0; i < BenchmarkMedia.GOP; i++) {
            MediaPacket picture = BenchmarkMedia.picture(i);
            int millis = (int) (picture.dts() / 1000);
            ChunkEncoder.encode(
                    new ChunkEncoder.Header(ChunkEncoder.VIDEO, MessageType.VIDEO, millis, 1),
                    picture.bytes(),
                    chunkSize,
                    chunks);
            picture.release();
        }
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
        decoder.close();
        chunks.release();
    }

    /** From the first byte to the last. */
    @Benchmark
    @OperationsPerInvocation(BenchmarkMedia.GOP)
    public long pictures() {
        decoder.decode(chunks.readerIndex(0));
        return bytes;
    }
}
