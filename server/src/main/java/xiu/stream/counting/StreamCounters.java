package xiu.stream.counting;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import xiu.metrics.ConfinedCounter;
import xiu.metrics.Counter;

/** The counters of a stream, for its log lines and for metrics. Any thread may read. */
public final class StreamCounters {
    // Written by the thread that holds the stream's monitor.
    private final ConfinedCounter packets = new ConfinedCounter();
    private final ConfinedCounter bytes = new ConfinedCounter();
    private final ConfinedCounter keyFrames = new ConfinedCounter();

    private final AtomicLong repairs = new AtomicLong();
    private final AtomicLong cuts = new AtomicLong();
    private final Counter republished = new Counter();
    private final Counter skips = new Counter();
    private final Counter sentBytes = new Counter();
    /** Counted separately from the viewers, because a pull asks for it twice a second. */
    private final AtomicInteger players = new AtomicInteger();

    /** A packet of this size has come; called by the stream only. */
    public void packet(int size, boolean keyFrame) {
        packets.increment();
        bytes.add(size);
        if (keyFrame) {
            keyFrames.increment();
        }
    }

    /** Sets the counters of the stream's log; called by the stream only. */
    public void log(long allRepairs, long allCuts) {
        repairs.lazySet(allRepairs);
        cuts.lazySet(allCuts);
    }

    /** A publisher came back or took over. */
    public void publishedAgain() {
        republished.increment();
    }

    /** A viewer that is no relay came. */
    public void playerJoined() {
        players.incrementAndGet();
    }

    /** A viewer that is no relay left. */
    public void playerLeft() {
        players.decrementAndGet();
    }

    /** A viewer skipped. */
    public void skipped() {
        skips.increment();
    }

    /** Bytes were sent to a viewer. */
    public void sent(long count) {
        sentBytes.add(count);
    }

    /** Current viewers that are no relays. */
    public int players() {
        return players.get();
    }

    /** Packets received from publishers. */
    public long packets() {
        return packets.value();
    }

    /** Bytes of media received from publishers. */
    public long bytes() {
        return bytes.value();
    }

    /** Key frames received from publishers. */
    public long keyFrames() {
        return keyFrames.value();
    }

    /** Bytes sent to viewers, up to a second behind. */
    public long sentBytes() {
        return sentBytes.value();
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
        return republished.value();
    }

    /** Times a viewer was too slow and skipped. */
    public long skips() {
        return skips.value();
    }
}
