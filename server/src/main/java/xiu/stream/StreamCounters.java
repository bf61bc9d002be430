package xiu.stream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What a stream counts, for its log lines and for metrics. Any thread may read. */
public final class StreamCounters {
    private final AtomicLong packets = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong repairs = new AtomicLong();
    private final AtomicLong cuts = new AtomicLong();
    private final AtomicLong republished = new AtomicLong();
    private final LongAdder skips = new LongAdder();
    /** Counted separately from the viewers, because a pull asks for it twice a second. */
    private final AtomicInteger players = new AtomicInteger();

    void packet(int size) {
        // One writer at a time: a plain read-modify-write with ordered stores is enough and cheaper than a locked add.
        packets.lazySet(packets.get() + 1);
        bytes.lazySet(bytes.get() + size);
    }

    void log(long allRepairs, long allCuts) {
        repairs.lazySet(allRepairs);
        cuts.lazySet(allCuts);
    }

    void publishedAgain() {
        republished.incrementAndGet();
    }

    void joined(Peer viewer) {
        if (!viewer.isRelay()) {
            players.incrementAndGet();
        }
    }

    void left(Peer viewer) {
        if (!viewer.isRelay()) {
            players.decrementAndGet();
        }
    }

    void skipped() {
        skips.increment();
    }

    /** Current viewers that are no relays. */
    public int players() {
        return players.get();
    }

    /** Packets received from publishers. */
    public long packets() {
        return packets.get();
    }

    /** Bytes of media received from publishers. */
    public long bytes() {
        return bytes.get();
    }

    /** Timestamps that had to be repaired. */
    public long repairs() {
        return repairs.get();
    }

    /** Packets that new viewers could not start with, because their group of pictures was longer than the log may be. */
    public long cuts() {
        return cuts.get();
    }

    /** Times a publisher came back or took over. */
    public long republished() {
        return republished.get();
    }

    /** Times a viewer was too slow and skipped. */
    public long skips() {
        return skips.sum();
    }
}
