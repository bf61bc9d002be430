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
 * What one stream has on disk: {@code N.ts}, {@code stream.m3u8} and, when everything is kept, {@code vod_stream.m3u8}.
 * It touches no file of another stream, nor of this name's life before. Confined to the disk's thread.
 */
final class StreamFiles {
    /** Segments that are on disk while their recording cannot be written; the oldest are left out of it beyond that. */
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
     * Files of a stream that has none yet.
     *
     * @param keep whether everything is kept
     * @param journals those of all recordings that go on
     */
    StreamFiles(Path root, StreamKey key, boolean keep, Set<Path> journals) {
        this.root = root;
        this.key = key;
        this.names = new FileNames(key.name());
        this.keep = keep;
        this.journals = journals;
    }

    /** Whose files they are. */
    StreamKey key() {
        return key;
    }

    /**
     * Enters the folder, and finishes what a crash left behind in it.
     *
     * @param onFailure told what could not be finished, which hinders nothing else
     * @return the highest number of a segment that is there, or -1
     */
    long begin(Consumer<IOException> onFailure) throws IOException {
        StreamFolder known = StreamFolder.open(root, key);
        folder = known;
        for (String journal : known.names(name -> FileNames.journalOf(name) >= 0)) {
            // The recording of this name's life before may still go on.
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

    /** The next segment is missing here. */
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

    /** Adds to the recording what waited for the target duration or for a working disk. */
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

    /** The stream is over: the recording gets its name. */
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
        // A new stream of the same name may have its playlist there by now.
        if (playlistText != null && known.holds(names.playlist(), playlistText)) {
            known.delete(names.playlist());
        }
        // Otherwise one folder would stay for each name that anybody ever published.
        known.deleteEmpty();
    }

    /** How many segments it remembers. */
    int remembered() {
        return written.size() + unrecorded.size();
    }
}
