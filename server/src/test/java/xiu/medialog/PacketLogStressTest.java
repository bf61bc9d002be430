package xiu.medialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Position;
import xiu.media.SampleMedia;

/**
 * One writer that laps its readers all the time; the content of every packet is its sequence. Without the leak
 * detector, which would record a stack for each of them; that all are released is checked here.
 */
class PacketLogStressTest {
    private static final int PACKETS = 60_000;
    private static final int READERS = 3;
    private static final LogSettings SMALL = new LogSettings(1, 1 << 20, 64, Long.MAX_VALUE);

    private final PooledByteBufAllocator pool = new PooledByteBufAllocator(true, 1, 1, 8192, 9);
    private final PacketLog log = new PacketLog(SMALL, pool);
    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private volatile int written;

    @BeforeEach
    void manyPackets() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void checkLeaksAgain() {
        ResourceLeakDetector.setLevel(level);
    }

    @Test
    void cursorsGetEveryPacketAsItIsOrSkipForwards() throws Exception {
        assertThat(run(cursor -> readAll(cursor, 0))).allMatch(count -> count > 0);
    }

    /** While a reader looks at a packet the writer goes round the log several times. */
    @Test
    void thePacketThatIsReadStaysAsItIs() throws Exception {
        assertThat(run(cursor -> readAll(cursor, 300))).allMatch(count -> count < PACKETS / 2);
    }

    private long readAll(PacketCursor cursor, int pause) {
        long last = -1;
        long count = 0;
        while (last < PACKETS - 1) {
            MediaPacket packet = cursor.next();
            if (packet == null) {
                Thread.onSpinWait();
                continue;
            }
            long until = Math.min(PACKETS, written + pause);
            while (written < until) {
                Thread.onSpinWait();
            }
            if (packet.sequence() <= last || SampleMedia.number(packet.bytes()) != packet.sequence()) {
                throw new AssertionError("packet " + packet.sequence() + " after " + last);
            }
            last = packet.sequence();
            count++;
        }
        assertThat(count + cursor.skipped()).isEqualTo(PACKETS);
        cursor.close();
        return count;
    }

    private List<Long> run(ToLongFunction<PacketCursor> reader) throws Exception {
        List<MediaPacket> sample = new ArrayList<>();
        List<Long> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                PacketCursor cursor = log.open();
                readers.add(threads.submit(() -> reader.applyAsLong(cursor)));
            }
            for (int i = 0; i < PACKETS; i++) {
                MediaPacket packet = SampleMedia.packet(SampleMedia.VIDEO, i, i % 16 == 0, i, 1 + i % 4)
                        .placed(new Position(i, 0), 0);
                if (i % 100 == 0 || i > PACKETS - 200) {
                    sample.add(packet);
                }
                log.append(packet);
                written = i + 1;
            }
            for (Future<Long> each : readers) {
                results.add(each.get());
            }
        }
        log.clear();
        assertThat(sample).allMatch(packet -> packet.bytes().refCnt() == 0);
        assertThat(pool.metric().directArenas().stream()
                        .mapToLong(arena -> arena.numActiveAllocations())
                        .sum())
                .isZero();
        return results;
    }
}
