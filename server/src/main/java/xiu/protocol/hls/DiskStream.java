package xiu.protocol.hls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.stream.StreamKey;

/**
 * One stream on disk: {@code N.ts}, {@code stream.m3u8} and, when everything is kept, {@code vod_stream.m3u8}. The
 * methods queue work and return at once; what they queue runs on the disk's thread, to which the private state belongs.
 */
final class DiskStream {
    private static final Logger LOG = LoggerFactory.getLogger(DiskStream.class);

    private final HlsDisk disk;
    private final Path root;
    private final StreamKey key;
    private final boolean keep;
    private volatile long lastNumber = -1;

    private @Nullable StreamFolder folder;
    private @Nullable VodRecord record;
    private final Set<Long> written = new HashSet<>();
    private final Deque<HlsPlaylist.Entry> unrecorded = new ArrayDeque<>();
    private @Nullable String playlistText;
    private boolean hole;
    private boolean told;

    private interface Work {
        void run() throws IOException;
    }

    DiskStream(HlsDisk disk, Path root, StreamKey key, boolean keep) {
        this.disk = disk;
        this.root = root;
        this.key = key;
        this.keep = keep;
    }

    StreamKey key() {
        return key;
    }

    /** The highest number that was in the folder before, or -1 while that is not known. Any thread. */
    long lastNumber() {
        return lastNumber;
    }

    void begin() {
        queue(this::folder);
    }

    /** Writes a segment; holds its bytes meanwhile. */
    void segment(HlsSegment segment) {
        ByteBuf bytes = segment.tryRetain();
        if (bytes != null && !disk.submit(new SegmentJob(segment, bytes), segment.size())) {
            queue(() -> {
                hole = true;
                failed(new IOException("the disk is too slow: segment " + segment.number() + " is left out"));
            });
        }
    }

    private final class SegmentJob implements HlsDisk.Job {
        private final HlsSegment segment;
        private final ByteBuf bytes;

        private SegmentJob(HlsSegment segment, ByteBuf bytes) {
            this.segment = segment;
            this.bytes = bytes;
        }

        @Override
        public void run() throws IOException {
            write(segment, bytes);
        }

        @Override
        public DiskStream stream() {
            return DiskStream.this;
        }

        @Override
        public void close() {
            bytes.release();
        }
    }

    /** The playlist has changed (null: there is none), and these segments are gone from memory. */
    void published(@Nullable HlsPlaylist playlist, List<HlsSegment> gone) {
        List<Long> numbers = gone.stream().map(HlsSegment::number).toList();
        queue(() -> {
            if (playlist != null) {
                publish(playlist);
            }
            for (long number : numbers) {
                if (!keep && written.remove(number)) {
                    folder().delete(number + ".ts");
                }
            }
        });
    }

    /** The stream is over: the recording gets its name. */
    void finish() {
        queue(() -> {
            VodRecord done = record;
            record = null;
            if (done != null) {
                done.finish(key.name());
            }
        });
    }

    /** Deletes what is left of a stream that is not recorded. */
    void erase() {
        queue(() -> {
            if (keep || folder == null) {
                return;
            }
            for (long number : written) {
                folder.delete(number + ".ts");
            }
            written.clear();
            // A new stream of the same name may have its playlist there by now.
            if (playlistText != null && folder.holds(playlistName(), playlistText)) {
                folder.delete(playlistName());
            }
            // Otherwise one folder would stay for each name that anybody ever published.
            folder.deleteEmpty();
        });
    }

    /** Something went wrong: said once per stream, the stream goes on. On the disk's thread. */
    void failed(Exception e) {
        if (!told) {
            told = true;
            LOG.warn("stream={} event=hls-disk-failed error=\"{}\"", key, printable(e.toString()));
        }
    }

    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\"]", "?");
    }

    private void queue(Work work) {
        disk.submit(
                new HlsDisk.Job() {
                    @Override
                    public void run() throws IOException {
                        work.run();
                    }

                    @Override
                    public DiskStream stream() {
                        return DiskStream.this;
                    }
                },
                0);
    }

    private StreamFolder folder() throws IOException {
        StreamFolder known = folder;
        if (known == null) {
            known = StreamFolder.open(root, key);
            lastNumber = known.lastNumber();
            VodRecord.recover(known, key.name());
            folder = known;
        }
        return known;
    }

    private void write(HlsSegment segment, ByteBuf bytes) throws IOException {
        try {
            folder().create(segment.name(), bytes.nioBuffer());
        } catch (IOException e) {
            hole = true;
            throw e;
        }
        written.add(segment.number());
        if (keep) {
            HlsPlaylist.Entry entry = segment.entry();
            unrecorded.add(hole && record != null ? entry.afterHole() : entry);
        }
        hole = false;
    }

    private void publish(HlsPlaylist playlist) throws IOException {
        record(playlist.target());
        long first = playlist.firstNumber();
        for (HlsPlaylist.Entry entry : playlist.entries()) {
            if (!written.contains(entry.number())) {
                first = entry.number() + 1;
            }
        }
        HlsPlaylist there = playlist.from(first);
        if (!there.entries().isEmpty()) {
            playlistText = there.text("");
            folder().replace(playlistName(), ByteBuffer.wrap(playlistText.getBytes(UTF_8)));
        }
    }

    /** Adds to the recording what waited for the target duration or for a working disk. */
    private void record(int target) throws IOException {
        while (!unrecorded.isEmpty()) {
            HlsPlaylist.Entry next = unrecorded.getFirst();
            VodRecord to = record;
            if (to == null) {
                to = VodRecord.begin(folder(), key.name(), target, next.number());
                record = to;
            }
            to.add(next);
            unrecorded.removeFirst();
        }
    }

    private String playlistName() {
        return key.name() + ".m3u8";
    }
}
