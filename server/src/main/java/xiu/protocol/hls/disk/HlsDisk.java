package xiu.protocol.hls.disk;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.stream.StreamKey;

/**
 * Writes segments and playlists on a thread of its own, so that no event loop ever waits for a disk. The segments that
 * wait are bounded: a disk that is too slow, full or not writable loses segments, never the stream nor its end. Any
 * thread.
 */
public final class HlsDisk {
    private static final Logger LOG = LoggerFactory.getLogger(HlsDisk.class);

    private final Path root;
    private final boolean keep;
    private final DiskQueue queue;
    private final Map<StreamKey, DiskStream> unfinished = new ConcurrentHashMap<>();
    /** The journals of recordings that are in progress; on the disk's thread. */
    private final Set<Path> journals = new HashSet<>();

    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Thread thread = Thread.ofPlatform().name("hls-disk").daemon().unstarted(this::run);
    private volatile boolean stopping;

    /**
     * A disk that is not started.
     *
     * @param keep whether everything is kept
     * @param mostBytes of segments that may wait
     */
    public HlsDisk(Path root, boolean keep, long mostBytes) {
        this.root = root.toAbsolutePath().normalize();
        this.keep = keep;
        this.queue = new DiskQueue(mostBytes);
    }

    /** How much work waits for its thread. */
    public int waitingJobs() {
        return queue.size();
    }

    /** Bytes of segments that wait to be written. */
    public long waitingBytes() {
        return queue.waitingBytes();
    }

    /** Begins to write. */
    public void start() {
        thread.start();
    }

    /** Completes when everything that waited is written. */
    public CompletionStage<Void> stop() {
        stopping = true;
        if (!thread.isAlive()) {
            run();
        }
        // Never an interrupt, which would close the file that is being written.
        queue.add(() -> {});
        return stopped;
    }

    /** The files of a stream that begins; null where its name can have none. */
    public @Nullable DiskStream open(StreamKey key) {
        String problem = FileNames.problem(key);
        if (problem != null) {
            DiskQueue.LINES.happened("hls_disk_refused", DiskQueue.printable(key.toString()), problem);
            return null;
        }
        StreamFiles files = new StreamFiles(root, key, keep, journals);
        DiskStream[] opened = {null};
        unfinished.compute(key, (k, previous) -> opened[0] = new DiskStream(queue, files, previous, this::finished));
        opened[0].begin();
        return opened[0];
    }

    /** The stream is written to its end, and a next one of its name need not wait for it. */
    private void finished(DiskStream stream) {
        unfinished.remove(stream.key(), stream);
    }

    private void run() {
        try {
            while (true) {
                Runnable next = queue.take(stopping);
                if (next == null) {
                    break;
                }
                work(next);
            }
        } catch (InterruptedException e) {
            LOG.warn("event=hls_disk_interrupted streams={}", queue.size());
        } finally {
            stopped.complete(null);
        }
    }

    private static void work(Runnable next) {
        try {
            next.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("event=hls_disk_fault", e);
        }
    }
}
