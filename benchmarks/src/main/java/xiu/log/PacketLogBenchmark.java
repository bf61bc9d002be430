package xiu.medialog;

import io.netty.buffer.ByteBufAllocator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import xiu.media.BenchmarkMedia;
import xiu.media.MediaPacket;

/** The packets of a stream, appended and read one by one. */
@State(Scope.Thread)
public class PacketLogBenchmark {
    private final PacketLog log =
            new PacketLog(new LogSettings(1, 16 << 20, 16_384, 20_000_000), ByteBufAllocator.DEFAULT);
    private final PacketCursor cursor = log.open();
    private final MediaPacket key = BenchmarkMedia.picture(0);
    private final MediaPacket picture = BenchmarkMedia.picture(1);

    /** Gives the memory back. */
    @TearDown
    public void close() {
        cursor.close();
        log.clear();
        key.release();
        picture.release();
    }

    /** One picture in, with all that making a packet costs, and out. */
    @Benchmark
    public long appendAndRead() {
        long sequence = log.nextSequence();
        MediaPacket next = sequence % BenchmarkMedia.GOP == 0 ? key : picture;
        log.append(BenchmarkMedia.again(next, sequence, sequence * BenchmarkMedia.INTERVAL));
        long read = 0;
        for (MediaPacket packet = cursor.next(); packet != null; packet = cursor.next()) {
            read = packet.sequence();
        }
        return read;
    }
}
