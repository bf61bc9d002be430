package xiu.segment;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.segment.window.Segment;
import xiu.segment.window.WindowState;
import xiu.stream.EndReason;

/**
 * Something that is made of one stream's segments: playlists, files. All calls are on the stream's executor and must
 * not block it.
 */
public interface SegmentListener {
    /** Whether somebody waits for each segment; asked often, on any thread. */
    boolean isAwaited();

    /** Whether it needs every segment, asked for or not. */
    default boolean needsAll() {
        return false;
    }

    /** The lowest number that the stream's first segment may have. */
    default long firstNumber() {
        return 0;
    }

    /** A segment is complete; {@link Segment#tryRetain} has its bytes. */
    default void onSegment(Segment segment) {}

    /**
     * The segments that can be fetched have changed; null: there are none at the moment, because nobody has asked for
     * any lately.
     */
    default void onWindow(@Nullable WindowState state) {}

    /** These segments have been released. */
    default void onGone(List<Segment> gone) {}

    /** Called every two seconds; {@code target}: the target duration in seconds, 0 while it is not decided. */
    default void onSweep(int target) {}

    /** Nothing will be added. */
    void onEnd(EndReason reason);
}
