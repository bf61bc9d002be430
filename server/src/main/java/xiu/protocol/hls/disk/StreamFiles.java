package xiu.protocol.hls.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xiu.protocol.hls.playlist.HlsPlaylist;
import xiu.stream.StreamKey;

/**
 * The files of one stream: {@code N.ts}, {@code stream.m3u8} and, when everything is kept, {@code vod_stream.m3u8}.
 * Touches no file of another stream, nor of an earlier stream of this name. Confined to the disk's thread.
 */
final class StreamFiles {
    /**
     * Most segments that wait to be recorded while the recording cannot be written; beyond that the oldest are left out
     * of it.
     */
    private static final int MOST_UNRECORDED = 1_000;

    private final Path root;
    private final StreamKey key;
    private final FileNames names;
    private final boolean keep;
    private final Set<Path> journals;

    private @Nullable StreamFolder folder;
    private @Nullable VodRecord record;
    /** Segments that are on disk and may still be listed or deleted. */
    private final Set<Long> written = new HashSet<>();

    private final Deque<HlsPlaylist.Entry> unrecorded = new ArrayDeque<>();
    private @Nullable String playlistText;
    private int target;
    private boolean begun;
    private boolean hole;

    /**
     * The files of a stream that has none yet.
     *
     * @param keep whether everything is kept
     * @param journals those of all recordings in progress
     */
    StreamFiles(Path root, StreamKey key, boolean keep, Set<Path> journals) {
        this.root = root;
        this.key = key;
        this.names = new FileNames(key.name());
        this.keep = keep;
        this.journals = journals;
    }

    /** The stream. */
    StreamKey key() {
        return key;
    }

    /**
     * Opens the folder, and finishes what a crash left unfinished in it.
     *
     * @param onFailure gets what could not be finished, which prevents nothing else
     * @return the highest number of a segment that is there, or -1
     */
    long begin(Consumer<IOException> onFailure) throws IOException {
        StreamFolder known = StreamFolder.open(root, key);
        folder = known;
        for (String journal : known.names(name -> FileNames.journalOf(name) >= 0)) {
            // The recording of the earlier stream of this name may still be in progress.
            if (!journals.contains(known.file(journal))) {
                try {
                    VodRecord.left(known, journal).finish(names);
                } catch (IOException e) {
                    onFailure.accept(e);
                }
            }
        }
        return known.lastNumber();
    }

    private StreamFolder folder() throws IOException {
        StreamFolder known = folder;
        if (known == null) {
            known = StreamFolder.open(root, key);
            folder = known;
        }
        return known;
    }

    /** The next segment is left out. */
    void skip() {
        hole = true;
    }

    void write(HlsPlaylist.Entry entry, ByteBuffer bytes) throws IOException {
        try {
            folder().create(FileNames.segment(entry.number()), bytes);
        } catch (IOException e) {
            hole = true;
            throw e;
        }
        written.add(entry.number());
        if (keep) {
            unrecorded.add(hole && begun ? entry.afterHole() : entry);
            if (unrecorded.size() > MOST_UNRECORDED) {
                unrecorded.removeFirst();
                unrecorded.addFirst(unrecorded.removeFirst().afterHole());
            }
        }
        begun = true;
        hole = false;
    }

    /** Writes the playlist, as far as its segments are on disk. */
    void publish(HlsPlaylist playlist) throws IOException {
        target = playlist.target();
        record();
        long first = playlist.firstNumber();
        for (HlsPlaylist.Entry entry : playlist.entries()) {
            if (!written.contains(entry.number())) {
                first = entry.number() + 1;
            }
        }
        HlsPlaylist there = playlist.from(first);
        if (!there.entries().isEmpty()) {
            String text = there.text("");
            folder().replace(names.playlist(), ByteBuffer.wrap(text.getBytes(UTF_8)));
            playlistText = text;
        }
    }

    /** Adds to the recording what waited for the target duration, or for the disk to work again. */
    private void record() throws IOException {
        while (!unrecorded.isEmpty()) {
            HlsPlaylist.Entry next = unrecorded.getFirst();
            VodRecord to = record;
            if (to == null) {
                to = VodRecord.begin(folder(), target, next.number());
                record = to;
                journals.add(to.journal());
            }
            to.add(next);
            unrecorded.removeFirst();
        }
    }

    /** No playlist lists the segment any more. */
    void forget(long number) throws IOException {
        if (written.remove(number) && !keep) {
            folder().delete(FileNames.segment(number));
        }
    }

    /** The stream has ended: the recording gets its name. */
    void finish() throws IOException {
        try {
            if (target > 0) {
                record();
            }
        } finally {
            VodRecord done = record;
            record = null;
            if (done != null) {
                journals.remove(done.journal());
                done.finish(names);
            }
        }
    }

    /** Deletes what is left of a stream that is not recorded. */
    void erase() throws IOException {
        StreamFolder known = folder;
        if (keep || known == null) {
            return;
        }
        for (long number : written) {
            known.delete(FileNames.segment(number));
        }
        written.clear();
        // A new stream of the same name may have written its playlist by now.
        if (playlistText != null && known.holds(names.playlist(), playlistText)) {
            known.delete(names.playlist());
        }
        // Otherwise a folder would stay for every name that was ever published.
        known.deleteEmpty();
    }

    /** How many segments it remembers. */
    int remembered() {
        return written.size() + unrecorded.size();
    }
}
