package xiu.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Place;
import xiu.media.SampleMedia;

/**
 * One writer that laps its readers all the time; the content of every packet is its sequence. Without the leak
 * detector, which would record a stack for each of them; that all are released is checked here.
 */
class PacketLogStressTest {
    private static final int PACKETS = 60_000;
    private static final int READERS = 3;
    private static final LogSettings SMALL = new LogSettings(1, 1 << 20, 64, Long.MAX_VALUE);

    private final PacketLog log = new PacketLog(SMALL);
    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
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
    void cursorsGetEveryPacketAsItIsOrSkipForwards() throws Exception {
        List<Long> read = run(() -> {
            PacketCursor cursor = log.open();
            long last = -1;
            long count = 0;
            while (!done || last < PACKETS - 1) {
                MediaPacket packet = cursor.next();
                if (packet == null) {
                    Thread.onSpinWait();
                    continue;
                }
                check(packet.sequence() > last, packet, packet.sequence());
                last = packet.sequence();
                count++;
                packet.release();
            }
            assertThat(count + cursor.skipped()).isLessThanOrEqualTo(PACKETS);
            cursor.close();
            return count;
        });
        assertThat(read).allMatch(count -> count > 0);
    }

    /** Between the look at the tail and that at the slot the writer gets the time to go round the ring. */
    @Test
    void aSlotThatWasOverwrittenIsNeverTakenForAnother() throws Exception {
        List<Long> lapped = run(() -> {
            long misses = 0;
            while (!done) {
                long sequence = Math.max(0, log.tail() - 1);
                long until = log.tail() + 300;
                while (log.tail() < until && !done) {
                    Thread.onSpinWait();
                }
                MediaPacket packet = log.retained(sequence);
                if (packet == null) {
                    misses++;
                } else {
                    check(true, packet, sequence);
                    packet.release();
                }
            }
            return misses;
        });
        assertThat(lapped).allMatch(misses -> misses > 0);
    }

    private static void check(boolean inOrder, MediaPacket packet, long sequence) {
        if (!inOrder || packet.sequence() != sequence || SampleMedia.number(packet.body()) != sequence) {
            throw new AssertionError("packet " + packet.sequence() + " (expected: " + sequence + ")");
        }
    }

    private List<Long> run(Callable<Long> reader) throws Exception {
        List<MediaPacket> sample = new ArrayList<>();
        List<Long> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(reader));
            }
            for (int i = 0; i < PACKETS; i++) {
                MediaPacket packet = SampleMedia.packet(SampleMedia.VIDEO, i, i % 16 == 0, i, 1 + i % 4)
                        .placed(new Place(i, 0), 0);
                if (i % 100 == 0 || i > PACKETS - 200) {
                    sample.add(packet);
                }
                log.append(packet);
            }
            done = true;
            for (int i = 0; i < READERS; i++) {
                results.add(readers.get(i).get());
            }
        } finally {
            done = true;
        }
        log.clear();
        assertThat(sample).noneMatch(MediaPacket::tryRetain);
        return results;
    }
}
