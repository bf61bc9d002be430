package xiu.segment;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody needs one stream's segments. Confined to the stream's executor, except where it says "any thread".
 */
final class Demand {
    /** How many times the duration of a playlist segments are kept after the last request. */
    private static final int PLAYLISTS = 3;

    private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final SegmentSettings settings;
    private final SegmentParts parts;
    private List<SegmentListener> listeners = List.of();
    /** When the last request came, ns; null: there was none. */
    private volatile @Nullable Long asked;

    private volatile boolean idle;

    Demand(SegmentSettings settings, SegmentParts parts) {
        this.settings = settings;
        this.parts = parts;
    }

    /** The listeners that may need segments. */
    void listeners(List<SegmentListener> those) {
        listeners = those;
    }

    /** A request has come. Any thread. */
    void ask() {
        asked = parts.nanoTime().getAsLong();
    }

    /** Whether somebody waits for each segment. Any thread. */
    boolean isAwaited() {
        for (SegmentListener listener : listeners) {
            if (listener.isAwaited()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a key frame must be read at once: somebody waits for the segment that it ends, or that segment's memory
     * is needed. Any thread.
     */
    boolean isKeyFrameUrgent() {
        return idle || isAwaited();
    }

    /**
     * Whether no request has come lately, and no listener needs all segments. {@code target}: the target duration, s,
     * or 0.
     */
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

    /** The stream has ended. */
    void end() {
        if (idle) {
            idle = false;
            parts.idle().leave();
        }
    }
}
