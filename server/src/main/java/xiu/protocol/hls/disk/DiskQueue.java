package xiu.protocol.hls.disk;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import xiu.stream.StreamKey;
import xiu.transport.trouble.RareLines;

/**
 * The queue of the disk's thread: work, and the number of bytes that wait in segments, which is bounded. Any thread.
 */
final class DiskQueue {
    /** Log lines about segments that the disk is too slow for, and streams whose names can have no files. */
    static final RareLines LINES = new RareLines(LoggerFactory.getLogger(DiskQueue.class));

    /** Contains every stream once at most, so it needs no bound. */
    private final BlockingQueue<Runnable> due = new LinkedBlockingQueue<>();

    private final AtomicLong waitingBytes = new AtomicLong();
    private final long mostBytes;

    /** {@code mostBytes}: most bytes of segments that may wait. */
    DiskQueue(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Reserves room for so many bytes, which the caller gives back when they are written; false when there is none. */
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

    /** Logs that a segment is left out, because it does not fit. */
    void isTooSlowFor(StreamKey key, long number) {
        LINES.happened(
                "hls_disk_gap",
                printable(key.toString()),
                "segment " + number + " is left out: " + waitingBytes + " bytes wait for the disk (expected: at most "
                        + mostBytes + ")");
    }

    /** Adds work behind what the disk's thread already has to do. */
    void add(Runnable work) {
        due.add(work);
    }

    /** Waits for the next work; null when {@code stopping} and there is none. */
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
