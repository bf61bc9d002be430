package xiu.segment.window;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import xiu.transport.trouble.RareLines;

/**
 * The segments of one stream in memory: those that playlists list, and those that have left them but may still be asked for
 * (RFC 8216 §6.2.2: for the duration of the segment and of the longest playlist that listed it). Changed by one thread;
 * {@link #state} and {@link #find} on any.
 */
public final class SegmentWindow {
    /** Log lines about limits of segments, of all streams. */
    public static final RareLines LINES = new RareLines(LoggerFactory.getLogger(SegmentWindow.class));

    private final String name;
    private final WindowSettings settings;
    private final Deque<Segment> listed = new ArrayDeque<>();
    private final Deque<Removed> removed = new ArrayDeque<>();
    private final Map<Long, Segment> byNumber = new ConcurrentHashMap<>();
    /** The highest number in any playlist that was sent. */
    private final AtomicLong shown = new AtomicLong(-1);

    private volatile @Nullable WindowState state;
    private long discontinuitySequence;
    private long bytes;
    private int target;
    private boolean ended;

    /** {@code forgetAt}: ns. */
    private record Removed(Segment segment, long forgetAt) {}

    /**
     * A window without segments.
     *
     * @param name of the stream, for the log
     * @param discontinuitySequence of the first playlist
     */
    public SegmentWindow(String name, WindowSettings settings, long discontinuitySequence) {
        this.name = name;
        this.settings = settings;
        this.discontinuitySequence = discontinuitySequence;
    }

    /** What can be fetched now; null while there is nothing. */
    public @Nullable WindowState state() {
        return state;
    }

    /** A playlist that ends with this number is about to be sent. Any thread. */
    public void show(long lastNumber) {
        if (shown.get() < lastNumber) {
            shown.accumulateAndGet(lastNumber, Math::max);
        }
    }

    /** The segment of this number while it is in memory. */
    public @Nullable Segment find(long number) {
        return byNumber.get(number);
    }

    /** How many bytes all segments have. */
    public long bytes() {
        return bytes;
    }

    /**
     * Adds a segment, which the window owns from now on.
     *
     * @param newTarget the target duration in seconds; 0: not decided, so there is no playlist yet
     * @return the segments that were released
     */
    public List<Segment> add(Segment segment, int newTarget, long nanos) {
        // Not the one that leaves the list now, because the previous playlist may be about to be sent.
        List<Segment> gone = forgetUnshown();
        listed.addLast(segment);
        byNumber.put(segment.number(), segment);
        bytes += segment.size();
        target = newTarget;
        while (isLong()) {
            removeOldest(nanos);
        }
        gone.addAll(expire(nanos));
        publish();
        return gone;
    }

    /** Nothing will be added. {@code over}: the stream has ended, and playlists say so. */
    public void end(int finalTarget, boolean over) {
        target = finalTarget;
        ended = over;
        publish();
    }

    /**
     * Takes over the segments of an ended window of the same stream, so that late requests find them; before any add.
     */
    public void inherit(SegmentWindow previous, long nanos) {
        while (!previous.listed.isEmpty()) {
            previous.removeOldest(nanos);
        }
        show(previous.shown.get());
        discontinuitySequence = Math.max(discontinuitySequence, previous.discontinuitySequence + 1);
        for (Removed old : previous.removed) {
            removed.addLast(old);
            byNumber.put(old.segment.number(), old.segment);
            bytes += old.segment.size();
        }
        previous.removed.clear();
        // Its byNumber stays: other threads look for segments there until they see the new window.
        previous.bytes = 0;
    }

    /** Releases segments whose time to be asked for has passed. */
    public List<Segment> expire(long nanos) {
        List<Segment> gone = new ArrayList<>();
        long most = settings.bytes();
        if (bytes > most) {
            LINES.happened("limit_hls_window_bytes", name, bytes + " bytes (expected: at most " + most + ")");
        }
        while (!removed.isEmpty() && (removed.getFirst().forgetAt - nanos <= 0 || bytes > most)) {
            gone.add(forget(removed.removeFirst().segment));
        }
        while (bytes > most && listed.size() > 1) {
            removeOldest(nanos);
            gone.add(forget(removed.removeFirst().segment));
        }
        return gone;
    }

    /**
     * Reduces the list to so many bytes, but never to fewer than the {@code least} newest segments.
     *
     * @return whether fewer are listed now
     */
    public boolean unlist(long mostBytes, int least, long nanos) {
        long kept = listed.stream().mapToLong(Segment::size).sum();
        int before = listed.size();
        while (kept > mostBytes && listed.size() > least) {
            kept -= listed.getFirst().size();
            removeOldest(nanos);
        }
        if (listed.size() < before) {
            publish();
        }
        return listed.size() < before;
    }

    /** Releases segments that have left the list and were in no playlist that was sent. */
    public List<Segment> forgetUnshown() {
        List<Segment> gone = new ArrayList<>();
        while (!settings.shownElsewhere()
                && !removed.isEmpty()
                && removed.getLast().segment.number() > shown.get()) {
            gone.addFirst(forget(removed.removeLast().segment));
        }
        return gone;
    }

    /** Releases all segments. */
    public List<Segment> close() {
        List<Segment> gone = new ArrayList<>();
        removed.forEach(old -> gone.add(forget(old.segment)));
        listed.forEach(segment -> gone.add(forget(segment)));
        removed.clear();
        listed.clear();
        byNumber.clear();
        state = null;
        return gone;
    }

    private Segment forget(Segment segment) {
        byNumber.remove(segment.number());
        bytes -= segment.size();
        segment.release();
        return segment;
    }

    /** RFC 8216 §6.2.2: the remaining segments must last three target durations. */
    private boolean isLong() {
        long left = duration() - listed.getFirst().duration();
        return target > 0 && listed.size() > settings.listed() && left >= 3_000_000L * target;
    }

    private void removeOldest(long nanos) {
        long keep = (duration() + listed.getFirst().duration()) * 1000;
        Segment segment = listed.removeFirst();
        if (segment.discontinuity()) {
            discontinuitySequence++;
        }
        removed.addLast(new Removed(segment, nanos + keep));
    }

    private long duration() {
        return listed.stream().mapToLong(Segment::duration).sum();
    }

    private void publish() {
        boolean playable = target > 0 && !listed.isEmpty();
        state = playable ? new WindowState(target, discontinuitySequence, List.copyOf(listed), ended) : null;
    }
}
