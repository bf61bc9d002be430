package xiu.segment.window;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import xiu.stream.StreamKey;

/**
 * Chooses where the segment numbers of a stream begin, so that they never go back and no name is used twice: by the
 * wall clock, in steps shorter than any usual segment, which also works across a restart of the server. A stream that
 * has used its numbers faster than the clock runs is remembered until the clock has passed it. Any thread.
 */
public final class SegmentNumbers {
    /** Numbers count 200 ms since 2025-01-01, so that they fit 31 bits until 2038. */
    private static final long STEP = 200;

    private static final long BEGINNING = 1_735_689_600_000L;

    /** Four seconds of numbers: less than a server and its publisher need to come back with a first segment. */
    private static final long NUMBERS_PER_DISCONTINUITY = 20;

    /** hls.js walks an array as long as the discontinuity sequence for every playlist and segment. */
    private static final long DISCONTINUITIES = 1 << 16;

    private final LongSupplier wallMillis;
    private final Map<StreamKey, Long> ahead = new ConcurrentHashMap<>();

    /** Numbers by a clock in ms since 1970. */
    public SegmentNumbers(LongSupplier wallMillis) {
        this.wallMillis = wallMillis;
    }

    /** The first number of a stream that begins now, at least {@code least}. */
    public long first(StreamKey key, long least) {
        Long used = ahead.get(key);
        return Math.max(Math.max(now(), least), used == null ? 0 : used + 1);
    }

    /**
     * The discontinuity sequence of a stream that begins with this number. It is small, and differs from that of the
     * previous stream of the same name, so that players do not take both for one timeline.
     */
    public static long firstDiscontinuity(long number) {
        return number / NUMBERS_PER_DISCONTINUITY % DISCONTINUITIES;
    }

    /** A stream ended with this number. */
    public void ended(StreamKey key, long last) {
        long now = now();
        ahead.values().removeIf(used -> used < now);
        if (last >= now) {
            ahead.merge(key, last, Math::max);
        }
    }

    private long now() {
        return Math.max(0, (wallMillis.getAsLong() - BEGINNING) / STEP);
    }
}
