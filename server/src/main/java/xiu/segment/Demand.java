package xiu.segment;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Whether somebody wants one stream's segments. Confined to the stream's executor, but for what is marked otherwise. */
final class Demand {
    /** After the last request segments are kept for so many times what a playlist lasts, and at least for so long. */
    private static final int PLAYLISTS = 3;

    private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final SegmentSettings settings;
    private final SegmentParts parts;
    private List<SegmentListener> listeners = List.of();
    /** When somebody asked last, ns; null: nobody has. */
    private volatile @Nullable Long asked;

    private volatile boolean idle;

    Demand(SegmentSettings settings, SegmentParts parts) {
        this.settings = settings;
        this.parts = parts;
    }

    /** Who may want segments. */
    void listeners(List<SegmentListener> those) {
        listeners = those;
    }

    /** Somebody asks. Any thread. */
    void ask() {
        asked = parts.nanoTime().getAsLong();
    }

    /** Whether somebody wants each segment as soon as it is complete. Any thread. */
    boolean isAwaited() {
        for (SegmentListener listener : listeners) {
            if (listener.isAwaited()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a key frame is read as soon as it is here: somebody waits for the segment that it ends, or the memory of that
     * segment is wanted back. Any thread.
     */
    boolean isKeyFrameUrgent() {
        return idle || isAwaited();
    }

    /** Whether nobody has asked lately, and nobody needs them anyway. {@code target}: the target duration, s, or 0. */
    boolean isIdle(int target) {
        boolean now = !isAwaited() && !isNeeded() && !wasAskedLately(target);
        if (now != idle) {
            idle = now;
            if (now) {
                parts.idle().enter();
            } else {
                parts.idle().leave();
            }
        }
        return now;
    }

    private boolean isNeeded() {
        for (SegmentListener listener : listeners) {
            if (listener.needsAll()) {
                return true;
            }
        }
        return false;
    }

    private boolean wasAskedLately(int target) {
        Long last = asked;
        long playlist = Math.max(settings.fragment().toNanos(), TimeUnit.SECONDS.toNanos(target))
                * settings.window().listed();
        return last != null && parts.nanoTime().getAsLong() - last < Math.max(LEAST_NANOS, PLAYLISTS * playlist);
    }

    /** The stream is over. */
    void end() {
        if (idle) {
            idle = false;
            parts.idle().leave();
        }
    }
}
