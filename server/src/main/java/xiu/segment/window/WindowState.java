package xiu.segment.window;

import java.util.List;

/**
 * What can be fetched at one moment. Immutable.
 *
 * @param target the longest segment in whole seconds
 * @param discontinuitySequence discontinuities in front of the first segment
 * @param segments oldest first, at least one; their numbers rise by one
 * @param ended nothing will be added
 */
public record WindowState(int target, long discontinuitySequence, List<Segment> segments, boolean ended) {
    /** Copies the list. */
    public WindowState {
        segments = List.copyOf(segments);
    }
}
