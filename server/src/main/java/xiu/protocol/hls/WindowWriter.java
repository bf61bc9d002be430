package xiu.protocol.hls;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.protocol.hls.disk.DiskStream;
import xiu.protocol.hls.playlist.HlsPlaylist;
import xiu.stream.StreamKey;

/**
 * Fills the window of one stream: gives each finished segment its number, keeps it in memory, hands it to the disk where
 * there is one, and publishes the playlist. Until it has a first segment, those of the stream's life before are found
 * here. Confined to the stream's executor, but for what is marked otherwise.
 */
final class WindowWriter {
    private final StreamKey key;
    private final HlsSettings settings;
    private final HlsService.Parts parts;
    private final Runnable onPublished;
    private final @Nullable DiskStream disk;
    private volatile @Nullable WindowWriter previous;
    private volatile @Nullable HlsWindow window;
    private volatile @Nullable PlaylistReplies replies;
    private long nextNumber = -1;

    /**
     * One that has no segment yet.
     *
     * @param previous that of the ended stream of the same name, if it is still kept
     * @param onPublished called when there is another playlist
     */
    WindowWriter(
            StreamKey key,
            HlsSettings settings,
            HlsService.Parts parts,
            @Nullable WindowWriter previous,
            Runnable onPublished) {
        this.key = key;
        this.settings = settings;
        this.parts = parts;
        this.previous = previous;
        this.onPublished = onPublished;
        this.disk = parts.disk() == null ? null : parts.disk().open(key);
    }

    /** Whether its segments are also written to files. Any thread. */
    boolean isOnDisk() {
        return disk != null;
    }

    /** The answers that carry the playlist; null before there is one. Any thread. */
    @Nullable
    PlaylistReplies replies() {
        return replies;
    }

    /** A segment that is in memory, or null. Any thread. */
    @Nullable
    HlsSegment find(long number) {
        HlsWindow now = window;
        if (now == null) {
            WindowWriter before = previous;
            HlsSegment kept = before == null ? null : before.find(number);
            if (kept != null) {
                return kept;
            }
            // It may have taken over what was there meanwhile.
            now = window;
        }
        return now == null ? null : now.find(number);
    }

    /** Bytes of segments in memory. Any thread. */
    long bytes() {
        HlsWindow now = window;
        return now == null ? 0 : now.bytes();
    }

    /** Another segment is finished; takes over its draft. {@code target}: the target duration, 0 while not settled. */
    void add(HlsSegmenter.Cut cut, int target) {
        HlsWindow to = window;
        if (to == null) {
            to = open();
        }
        HlsSegment segment = new HlsSegment(nextNumber++, cut, parts.sendable());
        ByteBuf bytes = disk == null ? null : segment.tryRetain();
        if (disk != null && bytes != null) {
            disk.segment(segment.entry(), bytes);
        }
        publish(to, to.add(segment, target, parts.nanoTime().getAsLong()));
    }

    private HlsWindow open() {
        long least = disk == null ? 0 : disk.lastNumber() + 1;
        nextNumber = parts.numbers().first(key, least);
        HlsWindow to = HlsWindow.after(
                previousWindow(),
                key.toString(),
                settings,
                nextNumber,
                parts.nanoTime().getAsLong());
        window = to;
        // After that, so that whoever looks for a segment finds it at one of the two.
        previous = null;
        return to;
    }

    /** The newest window before this one: streams that ended before their first segment have none. */
    private @Nullable HlsWindow previousWindow() {
        WindowWriter before = previous;
        while (before != null && before.window == null) {
            before = before.previous;
        }
        return before == null ? null : before.window;
    }

    private void publish(HlsWindow from, List<HlsSegment> gone) {
        HlsPlaylist playlist = from.playlist();
        if (disk != null) {
            disk.published(playlist, numbers(gone));
        }
        if (playlist != null) {
            replies = new PlaylistReplies(playlist, from::tell);
            onPublished.run();
        }
    }

    private static List<Long> numbers(List<HlsSegment> segments) {
        return segments.stream().map(HlsSegment::number).toList();
    }

    /**
     * Nothing will be added.
     *
     * @param over whether the stream is, which the playlist says then. When only the server stops, players may go on
     *     with the playlist on disk, and the stream with the next server.
     */
    void end(int target, boolean over) {
        HlsWindow last = window;
        if (last != null) {
            last.end(target, over);
            parts.numbers().ended(key, nextNumber - 1);
            publish(last, List.of());
        }
        if (disk != null) {
            disk.finish();
        }
    }

    /** Forgets the segments of the ended stream. {@code erase}: also those on disk, unless they are recordings. */
    void forget(boolean erase) {
        HlsWindow last = window;
        replies = null;
        List<HlsSegment> gone = last == null ? List.of() : last.close();
        if (disk != null && erase) {
            disk.published(null, numbers(gone));
            disk.erase();
        }
    }
}
