package xiu.protocol.hls.disk;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.protocol.hls.playlist.HlsPlaylist;
import xiu.stream.StreamKey;

/**
 * What waits to be written for one stream. Its methods return at once. Only segments can be too many; one that is left
 * out is a gap. Of the playlists only the newest waits, and the stream's end is always written. Any thread; {@link
 * #write} on the disk's.
 */
public final class DiskStream {
    private static final Logger LOG = LoggerFactory.getLogger(DiskStream.class);

    private final DiskQueue queue;
    private final StreamKey key;
    private final StreamFiles files;
    private final Consumer<DiskStream> onFinished;
    private volatile long lastNumber = -1;

    // Guarded by this.
    private Waiting waiting = new Waiting();
    /** Segments that were accepted, until no playlist lists them any more. */
    private final Set<Long> taken = new HashSet<>();

    private boolean gap;
    private boolean due;

    // On the disk's thread.
    private @Nullable DiskStream previous;
    private boolean begun;
    private boolean over;
    private boolean reported;
    private long missing;

    /** What has come since the disk's thread last took it. */
    private static final class Waiting {
        private final List<Segment> segments = new ArrayList<>();
        private @Nullable HlsPlaylist playlist;
        private final List<Long> gone = new ArrayList<>();
        private boolean finished;
        private boolean erased;
    }

    /**
     * A segment that waits.
     *
     * @param bytes retained
     * @param afterGap whether the one before was left out
     */
    private record Segment(HlsPlaylist.Entry entry, ByteBuf bytes, int size, boolean afterGap) {}

    private interface Work {
        void run() throws IOException;
    }

    /**
     * A stream whose folder is not open yet.
     *
     * @param previous the ended stream of the same name, of which something may still have to be written
     * @param onFinished called on the disk's thread when the end is written, after which a next stream of the name need
     *     not wait
     */
    DiskStream(DiskQueue queue, StreamFiles files, @Nullable DiskStream previous, Consumer<DiskStream> onFinished) {
        this.queue = queue;
        this.key = files.key();
        this.files = files;
        this.previous = previous;
        this.onFinished = onFinished;
    }

    StreamKey key() {
        return key;
    }

    /** The highest number that was in the folder before, or -1 while that is not known. */
    public long lastNumber() {
        return lastNumber;
    }

    /** Has the folder opened. */
    synchronized void begin() {
        schedule();
    }

    /** Writes a segment; consumes its bytes. */
    public void segment(HlsPlaylist.Entry entry, ByteBuf bytes) {
        int size = bytes.readableBytes();
        boolean fits = queue.reserve(size);
        if (!fits) {
            bytes.release();
            queue.isTooSlowFor(key, entry.number());
        }
        synchronized (this) {
            if (fits) {
                waiting.segments.add(new Segment(entry, bytes, size, gap));
                taken.add(entry.number());
            }
            gap = !fits;
            schedule();
        }
    }

    /** The playlist has changed (null: there is none), and the segments of these numbers are gone from memory. */
    public synchronized void published(@Nullable HlsPlaylist playlist, List<Long> gone) {
        waiting.playlist = playlist == null ? waiting.playlist : playlist;
        for (long number : gone) {
            if (taken.remove(number)) {
                waiting.gone.add(number);
            }
        }
        schedule();
    }

    /** The stream has ended: the recording gets its name. */
    public synchronized void finish() {
        waiting.finished = true;
        schedule();
    }

    /** Deletes what is left of a stream that is not recorded. */
    public synchronized void erase() {
        waiting.erased = true;
        schedule();
    }

    /** Called with the monitor held. */
    private void schedule() {
        if (!due) {
            due = true;
            queue.add(this::write);
        }
    }

    private synchronized Waiting take() {
        Waiting all = waiting;
        waiting = new Waiting();
        due = false;
        return all;
    }

    /** Writes what waits. On the disk's thread. */
    void write() {
        DiskStream before = previous;
        if (before != null) {
            // Two streams of one name share the playlist file: the end of the first one is written first.
            before.write();
            previous = before.over ? null : before;
        }
        Waiting now = take();
        if (!begun) {
            begun = true;
            attempt(() -> lastNumber = files.begin(this::failed));
        }
        now.segments.forEach(this::write);
        HlsPlaylist playlist = now.playlist;
        if (playlist != null) {
            attempt(() -> files.publish(playlist));
        }
        for (long number : now.gone) {
            attempt(() -> files.forget(number));
        }
        if (now.finished) {
            finishFiles();
        }
        if (now.erased) {
            attempt(files::erase);
        }
    }

    private void write(Segment segment) {
        if (segment.afterGap) {
            missing++;
            files.skip();
        }
        try {
            if (!attempt(() -> files.write(segment.entry, segment.bytes.nioBuffer()))) {
                missing++;
            }
        } finally {
            segment.bytes.release();
            queue.giveBack(segment.size);
        }
    }

    private void finishFiles() {
        attempt(files::finish);
        over = true;
        onFinished.accept(this);
        if (missing > 0) {
            LOG.warn("event=hls_disk_incomplete stream={} gaps={}", key, missing);
        }
    }

    private boolean attempt(Work work) {
        try {
            work.run();
            return true;
        } catch (IOException | InvalidPathException | DirectoryIteratorException e) {
            failed(e);
        } catch (RuntimeException e) {
            LOG.warn("event=hls_disk_fault stream={}", key, e);
        }
        return false;
    }

    /** Logs the first failure of a stream; the stream goes on. */
    private void failed(Exception e) {
        if (!reported) {
            reported = true;
            LOG.warn("event=hls_disk_failed stream={} error=\"{}\"", key, DiskQueue.printable(e.toString()));
        }
    }

    /** How many segments it remembers; for tests, when the disk has stopped. */
    synchronized int remembered() {
        return files.remembered() + taken.size() + waiting.segments.size() + waiting.gone.size();
    }
}
