package xiu.protocol.hls;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.stream.StreamKey;

/**
 * Writes segments and playlists on a thread of its own, so that no event loop ever waits for a disk. What waits to be
 * written is bounded; a disk that cannot keep up, is full or may not be written loses segments, never the stream.
 */
final class HlsDisk {
    private static final Logger LOG = LoggerFactory.getLogger(HlsDisk.class);
    private static final int MOST_JOBS = 4_096;

    private final Path root;
    private final boolean keep;
    private final long mostBytes;
    private final BlockingQueue<Queued> queue = new ArrayBlockingQueue<>(MOST_JOBS);
    private final AtomicLong queuedBytes = new AtomicLong();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Thread thread = Thread.ofPlatform().name("hls-disk").daemon().unstarted(this::run);
    private volatile boolean stopping;

    /** One piece of work for a stream's folder; runs on the disk's thread. */
    interface Job {
        void run() throws IOException;

        /** The stream whose folder it works in. */
        DiskStream stream();

        /** Called instead of {@link #run} or after it: gives back what the job holds. */
        default void close() {}
    }

    private record Queued(Job job, long bytes) {}

    /** Wakes the thread so that it sees that it should stop. */
    private static final Queued WAKE = new Queued(
            new Job() {
                @Override
                public void run() {}

                @Override
                public DiskStream stream() {
                    throw new IllegalStateException("stream: none (expected: a job of a stream)");
                }
            },
            0);

    /**
     * A disk that is not started.
     *
     * @param keep whether everything is kept
     * @param mostBytes of segments that may wait
     */
    HlsDisk(Path root, boolean keep, long mostBytes) {
        this.root = root.toAbsolutePath().normalize();
        this.keep = keep;
        this.mostBytes = mostBytes;
    }

    void start() {
        thread.start();
    }

    /** Completes when everything that was queued is written. */
    CompletionStage<Void> stop() {
        stopping = true;
        if (!thread.isAlive()) {
            run();
        }
        // Never an interrupt: it would close the file that is being written.
        queue.offer(WAKE);
        return stopped;
    }

    /** The folder of a stream that begins. */
    DiskStream open(StreamKey key) {
        DiskStream stream = new DiskStream(this, root, key, keep);
        stream.begin();
        return stream;
    }

    /** Queues a job; false, with the job closed, when too much waits already. */
    boolean submit(Job job, long bytes) {
        boolean fits = queuedBytes.addAndGet(bytes) <= mostBytes || bytes == 0;
        if (fits && queue.offer(new Queued(job, bytes))) {
            return true;
        }
        queuedBytes.addAndGet(-bytes);
        job.close();
        return false;
    }

    private void run() {
        try {
            while (true) {
                Queued next = stopping ? queue.poll() : queue.take();
                if (next == null) {
                    break;
                }
                work(next);
            }
        } catch (InterruptedException e) {
            LOG.warn("event=hls-disk-interrupted jobs={}", queue.size());
        } finally {
            queue.forEach(left -> left.job().close());
            stopped.complete(null);
        }
    }

    private void work(Queued queued) {
        Job job = queued.job();
        try {
            job.run();
        } catch (IOException | InvalidPathException e) {
            job.stream().failed(e);
        } catch (RuntimeException e) {
            LOG.warn("stream={} event=hls-disk-fault", job.stream().key(), e);
        } finally {
            job.close();
            queuedBytes.addAndGet(-queued.bytes());
        }
    }
}
