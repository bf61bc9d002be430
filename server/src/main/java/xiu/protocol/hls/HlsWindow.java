package xiu.protocol.hls;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import xiu.protocol.hls.playlist.HlsPlaylist;
import xiu.transport.trouble.RareLines;

/**
 * The segments of one stream in memory: those in the playlist, and those that have left it but may still be asked for
 * (RFC 8216 §6.2.2: for the duration of the segment and of the longest playlist that listed it). Changed by one thread;
 * {@link #playlist} and {@link #find} on any.
 */
final class HlsWindow {
    static final RareLines LINES = new RareLines(LoggerFactory.getLogger(HlsWindow.class));

    private final String name;
    private final HlsSettings settings;
    private final Deque<HlsSegment> listed = new ArrayDeque<>();
    private final Deque<Retired> retired = new ArrayDeque<>();
    private final Map<Long, HlsSegment> byNumber = new ConcurrentHashMap<>();
    /** The highest number that anybody outside can know of. */
    private final AtomicLong told = new AtomicLong(-1);

    private volatile @Nullable HlsPlaylist playlist;
    private long discontinuitySequence;
    private long bytes;
    private int target;
    private boolean ended;

    private record Retired(HlsSegment segment, long forgetAt) {}

    /**
     * A window without segments.
     *
     * @param name of the stream, for the log
     * @param discontinuitySequence what the first playlist says
     */
    HlsWindow(String name, HlsSettings settings, long discontinuitySequence) {
        this.name = name;
        this.settings = settings;
        this.discontinuitySequence = discontinuitySequence;
    }

    /** One whose first segment has this number, after the ended window of the same stream, if that is still kept. */
    static HlsWindow after(@Nullable HlsWindow former, String name, HlsSettings settings, long number, long nanos) {
        HlsWindow window = new HlsWindow(name, settings, SegmentNumbers.firstDiscontinuity(number));
        if (former != null) {
            window.inherit(former, nanos);
        }
        return window;
    }

    /** The playlist as of now; null until there is one. */
    @Nullable
    HlsPlaylist playlist() {
        return playlist;
    }

    /** Somebody is given a playlist that ends with this number. Any thread. */
    void tell(long lastNumber) {
        if (told.get() < lastNumber) {
            told.accumulateAndGet(lastNumber, Math::max);
        }
    }

    /** The segment of this number while it is in memory. */
    @Nullable
    HlsSegment find(long number) {
        return byNumber.get(number);
    }

    /** How many bytes all segments have. */
    long bytes() {
        return bytes;
    }

    /**
     * Adds a segment, which is the window's from now on.
     *
     * @param newTarget the target duration in seconds; 0: not settled, so there is no playlist yet
     * @return the segments that are gone from memory now, released already
     */
    List<HlsSegment> add(HlsSegment segment, int newTarget, long nanos) {
        List<HlsSegment> gone = forgetUntold();
        listed.addLast(segment);
        byNumber.put(segment.number(), segment);
        bytes += segment.size();
        target = newTarget;
        while (isLong()) {
            retireOldest(nanos);
        }
        gone.addAll(expire(nanos));
        publish();
        return gone;
    }

    /** Nothing will be added. {@code over}: the stream is over, and the playlist says so. */
    void end(int finalTarget, boolean over) {
        target = finalTarget;
        ended = over;
        publish();
    }

    /** Takes over what an ended window of the same stream still holds, so that late requests find it; before any add. */
    void inherit(HlsWindow former, long nanos) {
        while (!former.listed.isEmpty()) {
            former.retireOldest(nanos);
        }
        tell(former.told.get());
        discontinuitySequence = Math.max(discontinuitySequence, former.discontinuitySequence + 1);
        for (Retired old : former.retired) {
            retired.addLast(old);
            byNumber.put(old.segment.number(), old.segment);
            bytes += old.segment.size();
        }
        former.retired.clear();
        // Its byNumber stays: until it is known that there is another window, segments are looked for there.
        former.bytes = 0;
    }

    /** Forgets what nobody may ask for any more. */
    List<HlsSegment> expire(long nanos) {
        List<HlsSegment> gone = new ArrayList<>();
        long most = settings.limits().windowBytes();
        if (bytes > most) {
            LINES.happened("limit_hls_window_bytes", name, bytes + " bytes (expected: at most " + most + ")");
        }
        while (!retired.isEmpty() && (retired.getFirst().forgetAt - nanos <= 0 || bytes > most)) {
            gone.add(forget(retired.removeFirst().segment));
        }
        while (bytes > most && listed.size() > 1) {
            retireOldest(nanos);
            gone.add(forget(retired.removeFirst().segment));
        }
        return gone;
    }

    /**
     * Forgets what has left the playlist without anybody having seen it there: about half of the segments of a stream
     * that nobody watches. Not at once when it leaves: the playlist before may be on its way to somebody just then.
     */
    private List<HlsSegment> forgetUntold() {
        List<HlsSegment> gone = new ArrayList<>();
        // What is also written to files may have been listed by whoever serves those.
        while (settings.folder().isEmpty()
                && !retired.isEmpty()
                && retired.getFirst().segment.number() > told.get()) {
            gone.add(forget(retired.removeFirst().segment));
        }
        return gone;
    }

    /** Forgets everything. */
    List<HlsSegment> close() {
        List<HlsSegment> gone = new ArrayList<>();
        retired.forEach(old -> gone.add(forget(old.segment)));
        listed.forEach(segment -> gone.add(forget(segment)));
        retired.clear();
        listed.clear();
        byNumber.clear();
        playlist = null;
        return gone;
    }

    private HlsSegment forget(HlsSegment segment) {
        byNumber.remove(segment.number());
        bytes -= segment.size();
        segment.release();
        return segment;
    }

    /** RFC 8216 §6.2.2: what is left must last three target durations. */
    private boolean isLong() {
        long left = duration() - listed.getFirst().duration();
        return target > 0 && listed.size() > settings.liveTsCount() && left >= 3_000_000L * target;
    }

    private void retireOldest(long nanos) {
        long keep = (duration() + listed.getFirst().duration()) * 1000;
        HlsSegment segment = listed.removeFirst();
        if (segment.discontinuity()) {
            discontinuitySequence++;
        }
        retired.addLast(new Retired(segment, nanos + keep));
    }

    private long duration() {
        return listed.stream().mapToLong(HlsSegment::duration).sum();
    }

    private void publish() {
        if (target > 0 && !listed.isEmpty()) {
            List<HlsPlaylist.Entry> entries =
                    listed.stream().map(HlsSegment::entry).toList();
            playlist = new HlsPlaylist(target, discontinuitySequence, entries, ended);
        }
    }
}
