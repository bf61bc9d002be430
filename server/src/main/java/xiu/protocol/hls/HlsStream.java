package xiu.protocol.hls;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.protocol.hls.disk.DiskStream;
import xiu.protocol.hls.disk.SegmentFiles;
import xiu.protocol.hls.playlist.HlsPlaylist;
import xiu.segment.SegmentListener;
import xiu.segment.StreamSegments;
import xiu.segment.window.Segment;
import xiu.segment.window.WindowState;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;

/** The HLS of one live stream: the answers for its segments, and its viewers. Any thread. */
final class HlsStream {
    private static final Logger LOG = LoggerFactory.getLogger(HlsStream.class);

    private final HlsParts parts;
    private final StreamSegments segments;
    private final HlsAudience audience;
    private final HlsWaiters waiters = new HlsWaiters();
    private final HlsTrouble trouble;
    private final @Nullable SegmentFiles files;
    private final Map<Segment, SegmentReplies> answers = new ConcurrentHashMap<>();
    private volatile @Nullable PlaylistReplies replies;
    private volatile @Nullable HlsStream previous;
    private volatile boolean over;

    /** {@code previous}: the ended stream of the same name, if it is still kept; it has the same executor. */
    HlsStream(MediaStream stream, HlsParts parts, EventExecutor executor, @Nullable HlsStream previous) {
        this.parts = parts;
        this.previous = previous;
        this.trouble =
                new HlsTrouble(LOG, stream.key().toString(), parts.segments().format());
        this.audience = new HlsAudience(stream, parts.segments().nanoTime());
        DiskStream disk = parts.disk() == null ? null : parts.disk().open(stream.key());
        this.files = disk == null ? null : new SegmentFiles(disk);
        // Last, because it holds packets. All from one record of settings: target duration and window must fit each
        // other.
        HlsSettings settings = parts.settings().now();
        this.segments = new StreamSegments(
                stream, settings.segments(), parts.segments(), executor, previous == null ? null : previous.segments);
    }

    /** Begins to read. {@code onEnded}: called on the stream's executor when nothing will change any more. */
    void start(Runnable onEnded) {
        List<SegmentListener> listeners = new ArrayList<>();
        if (files != null) {
            // First, so that a segment is queued for the disk before it is listed.
            listeners.add(files);
        }
        listeners.add(new Listener(onEnded));
        segments.start(listeners);
    }

    private final class Listener implements SegmentListener {
        private final Runnable onEnded;

        private Listener(Runnable onEnded) {
            this.onEnded = onEnded;
        }

        @Override
        public boolean isAwaited() {
            return audience.size() > 0;
        }

        @Override
        public void onWindow(@Nullable WindowState state) {
            if (state == null) {
                replies = null;
            } else {
                replies = new PlaylistReplies(HlsPlaylist.of(state), segments::show);
                previous = null;
                waiters.wake();
            }
        }

        @Override
        public void onSegment(Segment segment) {
            parts.counters().segments().increment();
            parts.counters().segmentBytes().add(segment.size());
        }

        @Override
        public void onGone(List<Segment> gone) {
            gone.forEach(answers::remove);
        }

        @Override
        public void onSweep(int target) {
            audience.sweep(target);
            trouble.tracks(stream().tracks());
            trouble.frames(segments.malformed(), segments.skipped());
        }

        @Override
        public void onEnd(EndReason reason) {
            over = true;
            audience.end(reason);
            waiters.wake();
            onEnded.run();
        }
    }

    HlsCounters counters() {
        return parts.counters();
    }

    /** Which stream it is. */
    MediaStream stream() {
        return segments.stream();
    }

    /** The thread to which its segments are confined. */
    EventExecutor executor() {
        return segments.executor();
    }

    /** Whether segments will still come. */
    boolean isLive() {
        return segments.isLive();
    }

    /** Whether nothing will change any more. */
    boolean isOver() {
        return over;
    }

    HlsAudience audience() {
        return audience;
    }

    HlsWaiters waiters() {
        return waiters;
    }

    /** The ended stream of the same name whose segments are still found here, if this one has none. */
    @Nullable
    HlsStream previous() {
        return previous;
    }

    /**
     * The answers with the playlist; null before there is one. If this stream has ended without a segment, those of the
     * one before.
     */
    @Nullable
    PlaylistReplies replies() {
        PlaylistReplies own = replies;
        HlsStream before = own == null && over ? previous : null;
        return before == null ? own : before.replies();
    }

    /** The answers with a segment; null when it is not in memory. */
    @Nullable
    SegmentReplies segment(long number) {
        Segment found = segments.find(number);
        if (found == null) {
            return null;
        }
        SegmentReplies known = answers.get(found);
        if (known == null) {
            String type = parts.segments().format().mediaType();
            known = answers.computeIfAbsent(found, segment -> new SegmentReplies(segment, type));
            if (segments.find(number) != found) {
                // The segment was released meanwhile, and nobody else would remove this entry.
                answers.remove(found);
            }
        }
        return known;
    }

    /** Bytes of segments in memory. */
    long bytes() {
        return segments.bytes();
    }

    /** A playlist is asked for; called before {@link #replies}. */
    void ask() {
        segments.ask();
    }

    /** Somebody waits: reads now what has come since the last turn. */
    void hurry() {
        segments.hurry();
    }

    /**
     * Releases the segments of the ended stream; on its executor. {@code erase}: also files, unless they are
     * recordings.
     */
    void forget(boolean erase) {
        replies = null;
        List<Segment> gone = segments.close();
        answers.clear();
        if (files != null && erase) {
            files.erase(gone);
        }
    }
}
