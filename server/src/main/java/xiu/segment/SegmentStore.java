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
 * Fills the window of one stream: gives each finished segment its number, keeps it in memory and notifies the
 * listeners. Until it has a first segment, those of the previous stream of the same name are found here. Confined to
 * the stream's executor, except where it says "any thread".
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
     * A store without segments.
     *
     * @param previous that of the ended stream of the same name, if it is still kept
     */
    SegmentStore(StreamKey key, SegmentSettings settings, SegmentParts parts, @Nullable SegmentStore previous) {
        this.key = key;
        this.settings = settings;
        this.parts = parts;
        this.previous = previous;
    }

    /** Sets the listeners, which are called in this order; before the first segment. */
    void listeners(List<SegmentListener> listening) {
        listeners = listening;
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
            // Another thread may have replaced it meanwhile.
            now = window;
        }
        return now == null ? null : now.find(number);
    }

    /** A playlist that ends with this number is about to be sent. Any thread. */
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

    /** Adds a finished segment; takes over its draft. {@code target}: the target duration, 0 while not decided. */
    void add(SegmentCut cut, int target) {
        SegmentWindow to = window;
        if (to == null) {
            to = open();
        }
        Segment segment = new Segment(nextNumber++, cut);
        // Before the listeners, so that the window releases the segment even if a listener throws.
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
        // Only now, so that another thread always finds the segment in one of the two.
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
     * Nobody has asked for segments lately: releases those that nobody has been shown, except for so many bytes.
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
        // After onWindow: who was about to get the old playlist has called show by now, or gets another one.
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

    /** The stream has ended; each listener is notified, whatever the others throw. */
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

    /** Releases all memory; returns the segments, of which listeners are not notified. */
    List<Segment> close() {
        SegmentWindow last = window;
        return last == null ? List.of() : last.close();
    }
}
