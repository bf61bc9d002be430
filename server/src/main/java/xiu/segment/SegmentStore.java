package xiu.segment;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xiu.segment.window.Segment;
import xiu.segment.window.SegmentCut;
import xiu.segment.window.SegmentNumbers;
import xiu.segment.window.SegmentWindow;
import xiu.segment.window.WindowState;
import xiu.stream.EndReason;
import xiu.stream.StreamKey;
import xiu.transport.trouble.GuardedTask;

/**
 * Fills the window of one stream: gives each finished segment its number, keeps it in memory and notifies the listeners.
 * Until it has a first segment, those of the stream's life before are found here. Confined to the stream's executor, but
 * for what is marked otherwise.
 */
final class SegmentStore {
    private final StreamKey key;
    private final SegmentSettings settings;
    private final SegmentParts parts;
    private List<SegmentListener> listeners = List.of();
    private volatile @Nullable SegmentStore previous;
    private volatile @Nullable SegmentWindow window;
    private long nextNumber = -1;

    /**
     * One that has no segment yet.
     *
     * @param previous that of the ended stream of the same name, if it is still kept
     */
    SegmentStore(StreamKey key, SegmentSettings settings, SegmentParts parts, @Nullable SegmentStore previous) {
        this.key = key;
        this.settings = settings;
        this.parts = parts;
        this.previous = previous;
    }

    /** Who is told, in this order; before the first segment. */
    void listeners(List<SegmentListener> told) {
        listeners = told;
    }

    /** A segment that is in memory, or null. Any thread. */
    @Nullable
    Segment find(long number) {
        SegmentWindow now = window;
        if (now == null) {
            SegmentStore before = previous;
            Segment kept = before == null ? null : before.find(number);
            if (kept != null) {
                return kept;
            }
            // It may have taken over what was there meanwhile.
            now = window;
        }
        return now == null ? null : now.find(number);
    }

    /** Somebody is shown a playlist that ends with this number. Any thread. */
    void show(long lastNumber) {
        SegmentWindow now = window;
        if (now != null) {
            now.show(lastNumber);
        }
    }

    /** Bytes of segments in memory. Any thread. */
    long bytes() {
        SegmentWindow now = window;
        return now == null ? 0 : now.bytes();
    }

    /** Another segment is finished; takes over its draft. {@code target}: the target duration, 0 while not decided. */
    void add(SegmentCut cut, int target) {
        SegmentWindow to = window;
        if (to == null) {
            to = open();
        }
        Segment segment = new Segment(nextNumber++, cut);
        // First of all, so that it goes with the window if a listener throws.
        List<Segment> gone = to.add(segment, target, parts.nanoTime().getAsLong());
        listeners.forEach(listener -> listener.onSegment(segment));
        publish(to);
        forgotten(gone);
    }

    private SegmentWindow open() {
        long least = 0;
        for (SegmentListener listener : listeners) {
            least = Math.max(least, listener.firstNumber());
        }
        nextNumber = parts.numbers().first(key, least);
        SegmentWindow to =
                new SegmentWindow(key.toString(), settings.window(), SegmentNumbers.firstDiscontinuity(nextNumber));
        SegmentWindow before = previousWindow();
        if (before != null) {
            to.inherit(before, parts.nanoTime().getAsLong());
        }
        window = to;
        // After that, so that whoever looks for a segment finds it at one of the two.
        previous = null;
        return to;
    }

    /** The newest window before this one: streams that ended before their first segment have none. */
    private @Nullable SegmentWindow previousWindow() {
        SegmentStore before = previous;
        while (before != null && before.window == null) {
            before = before.previous;
        }
        return before == null ? null : before.window;
    }

    /**
     * Nobody has asked for segments lately: lets go of those that nobody has been shown, but for so many bytes.
     *
     * @param least how many of the newest stay in any case
     */
    void shrink(long mostBytes, int least) {
        SegmentWindow from = window;
        if (from == null) {
            return;
        }
        if (from.unlist(mostBytes, least, parts.nanoTime().getAsLong())) {
            publish(from);
        }
        // After that: whoever was just about to be shown one has said so by now, or is not shown it any more.
        forgotten(from.forgetUnshown());
    }

    private void publish(SegmentWindow from) {
        WindowState state = from.state();
        listeners.forEach(listener -> listener.onWindow(state));
    }

    private void forgotten(List<Segment> gone) {
        if (!gone.isEmpty()) {
            listeners.forEach(listener -> listener.onGone(gone));
        }
    }

    /** Nothing will be added; each listener is told, whatever the others throw. */
    void end(int target, EndReason reason) {
        SegmentWindow last = window;
        if (last != null) {
            // When only the server stops, players may go on with the playlist on disk, and the stream with the next
            // server.
            last.end(target, reason != EndReason.STOPPING);
            parts.numbers().ended(key, nextNumber - 1);
            WindowState state = last.state();
            if (state != null) {
                each(listener -> listener.onWindow(state));
            }
        }
        each(listener -> listener.onEnd(reason));
    }

    private void each(Consumer<SegmentListener> call) {
        listeners.forEach(listener -> new GuardedTask("segments_end", () -> call.accept(listener)).run());
    }

    /** Gives all memory back; returns what is gone, of which listeners are not told. */
    List<Segment> close() {
        SegmentWindow last = window;
        return last == null ? List.of() : last.close();
    }
}
