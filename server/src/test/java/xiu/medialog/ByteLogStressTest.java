package xiu.medialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.media.MediaPacket;
import xiu.media.SampleFormat;
import xiu.media.SampleFrames;
import xiu.media.SampleMedia;

/** Readers on other threads cross many chunks while they are written, sealed and given back to a pool. */
class ByteLogStressTest {
    private static final int PACKETS = 60_000;
    private static final int READERS = 3;

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private final PooledByteBufAllocator pool = new PooledByteBufAllocator(true, 1, 1, 8192, 9);
    private final ByteLog log =
            new ByteLog(SampleFormat.ALL, new LogSettings(1, 512 << 10, 1_000, Long.MAX_VALUE), pool);
    private volatile boolean done;

    @BeforeEach
    void manyPackets() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void checkLeaksAgain() {
        ResourceLeakDetector.setLevel(level);
    }

    @Test
    void readersSeeWholePacketsInOrderAndAllOfThemUntilTheySkip() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(this::read));
            }
            for (int i = 0; i < PACKETS; i++) {
                MediaPacket packet = SampleMedia.packet(SampleMedia.VIDEO, i, i % 16 == 0, i, 1 + i % 64);
                log.append(packet);
                packet.release();
            }
            done = true;
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).isEqualTo(PACKETS - 1L);
            }
        } finally {
            done = true;
        }
        log.close();
        assertThat(pool.metric().directArenas().stream()
                        .mapToLong(arena -> arena.numActiveAllocations())
                        .sum())
                .isZero();
    }

    private long read() {
        JoinPoint at = null;
        while (at == null) {
            at = log.join(1);
        }
        ByteChunk chunk = at.chunk();
        int offset = at.offset();
        SampleFrames frames = new SampleFrames();
        long last = -1;
        while (true) {
            boolean over = done;
            ByteChunk next = chunk.next();
            int limit = chunk.limit();
            frames.accept(chunk.buffer().duplicate().setIndex(offset, limit));
            offset = limit;
            last = check(frames, last);
            if (next == null && over) {
                chunk.release();
                return last;
            }
            if (next != null) {
                JoinPoint skip = next.tryRetain() ? new JoinPoint(next, 0, new byte[0], new byte[0]) : null;
                while (skip == null) {
                    skip = log.joinAfter(chunk.base() + offset);
                    last = skip == null ? last : Long.MIN_VALUE;
                }
                chunk.release();
                chunk = skip.chunk();
                offset = skip.offset();
            }
        }
    }

    /** The newest number so far; {@code last} is the one before, or MIN_VALUE after a skip. */
    private static long check(SampleFrames frames, long last) {
        long expected = last;
        for (long number : frames.takeNumbers()) {
            if (expected >= 0 && number != expected + 1) {
                throw new AssertionError("packet " + number + " after " + expected);
            }
            expected = number;
        }
        if (!frames.isComplete()) {
            throw new AssertionError("a torn packet after " + expected);
        }
        return expected;
    }
}
