package xiu.protocol.hls.disk;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import xiu.stream.StreamKey;
import xiu.transport.trouble.RareLines;

/** What waits for the disk's thread: work, and the bytes of segments, which are bounded. Any thread. */
final class DiskQueue {
    /** What the disk is too slow for, and whom it has no files for. */
    static final RareLines LINES = new RareLines(LoggerFactory.getLogger(DiskQueue.class));

    /** Every stream is in it once at most, so it needs no bound. */
    private final BlockingQueue<Runnable> due = new LinkedBlockingQueue<>();

    private final AtomicLong waitingBytes = new AtomicLong();
    private final long mostBytes;

    /** {@code mostBytes}: of segments that may wait. */
    DiskQueue(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Whether so many bytes more may wait; who asked gives them back when they are written. */
    boolean reserve(long bytes) {
        if (waitingBytes.addAndGet(bytes) <= mostBytes) {
            return true;
        }
        waitingBytes.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        waitingBytes.addAndGet(-bytes);
    }

    /** A segment does not fit: it is left out. */
    void isTooSlowFor(StreamKey key, long number) {
        LINES.happened(
                "hls-disk-gap",
                printable(key.toString()),
                "segment " + number + " is left out: " + waitingBytes + " bytes wait for the disk (expected: at most "
                        + mostBytes + ")");
    }

    /** Has the disk's thread do this, after what it has to do already. */
    void add(Runnable work) {
        due.add(work);
    }

    /** The next work, which is waited for; null: there is none, and {@code stopping}. */
    @Nullable
    Runnable take(boolean stopping) throws InterruptedException {
        return stopping ? due.poll() : due.take();
    }

    /** Bytes of segments that wait. */
    long waitingBytes() {
        return waitingBytes.get();
    }

    int size() {
        return due.size();
    }

    /** A text that cannot break a line of the log. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\"]", "?");
    }
}
