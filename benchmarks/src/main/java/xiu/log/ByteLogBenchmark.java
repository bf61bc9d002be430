package xiu.medialog;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import xiu.media.BenchmarkMedia;
import xiu.media.MediaPacket;
import xiu.protocol.rtmp.wire.RtmpMessageFormat;

/**
 * The fan-out without the kernel's TCP: one picture into the ready bytes, then every reader is moved to the end by one
 * write each, to a file that takes everything.
 */
@State(Scope.Thread)
public class ByteLogBenchmark {
    /** Players. */
    @Param({"0", "1", "100", "1000"})
    int readers = 0;

    private final ByteLog log = new ByteLog(
            RtmpMessageFormat.playing(1),
            new LogSettings(1, 16 << 20, 16_384, 20_000_000),
            PooledByteBufAllocator.DEFAULT);
    private final MediaPacket key = BenchmarkMedia.picture(0);
    private final MediaPacket picture = BenchmarkMedia.picture(1);
    private Reader[] crowd = {};
    private long number;
    private @Nullable FileDescriptor sink;

    /** Where one player stands; it holds its chunk. */
    private static final class Reader {
        private ByteChunk chunk;
        private int offset;

        Reader(JoinPoint from) {
            chunk = from.chunk();
            offset = from.offset();
        }

        int read(FileDescriptor to) throws IOException {
            int sent = 0;
            while (true) {
                ByteChunk following = chunk.next();
                int limit = chunk.limit();
                if (limit > offset) {
                    sent += to.writeAddress(chunk.buffer().memoryAddress(), offset, limit);
                    offset = limit;
                }
                if (following == null || !following.tryRetain()) {
                    return sent;
                }
                chunk.release();
                chunk = following;
                offset = 0;
            }
        }
    }

    /** Lets the readers join. */
    @Setup
    public void join() throws IOException {
        Epoll.ensureAvailability();
        sink = FileDescriptor.from("/dev/null");
        append();
        crowd = new Reader[readers];
        for (int i = 0; i < readers; i++) {
            crowd[i] = new Reader(Objects.requireNonNull(log.join(1)));
        }
    }

    /** Gives the memory back. */
    @TearDown
    public void close() throws IOException {
        for (Reader reader : crowd) {
            reader.chunk.release();
        }
        log.close();
        key.release();
        picture.release();
        Objects.requireNonNull(sink).close();
    }

    /** One picture to everybody. */
    @Benchmark
    public long appendAndReadByAll() throws IOException {
        append();
        FileDescriptor to = Objects.requireNonNull(sink);
        long sent = 0;
        for (Reader reader : crowd) {
            sent += reader.read(to);
        }
        return sent;
    }

    private void append() {
        MediaPacket next = number % BenchmarkMedia.GOP == 0 ? key : picture;
        MediaPacket packet = BenchmarkMedia.again(next, number, number * BenchmarkMedia.INTERVAL);
        number++;
        log.append(packet);
        packet.release();
    }
}
