package xiu.transport;

import java.util.concurrent.TimeUnit;

/**
 * How long from the beginning of one pass over the players to the next. Writing costs per write and hardly per byte, so
 * waiting and writing more at once is what saves processor time; and waiting is latency. So: a pass may take a small
 * share of the loop's time at any rate; when frame-by-frame would take more, the period grows until the share is met,
 * up to a bound that viewers do not notice; beyond that bound only so far as the loop must not be saturated.
 *
 * @param share what a pass may take of the loop before the period grows
 * @param bound how far the period grows for the sake of {@code share}, ns
 * @param most what a pass may take of the loop before the period grows beyond {@code bound}
 * @param end how far the period ever grows, unless a pass takes longer, ns
 */
record Pace(double share, long bound, double most, long end) {
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(12);
    private static final long BOUND = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long END = TimeUnit.MILLISECONDS.toNanos(350);

    /** Saves processor time as soon as there is some to save. */
    static Pace adaptive() {
        return new Pace(0.06, BOUND, 0.6, END);
    }

    /** Frame by frame until the loop is nearly saturated. */
    static Pace low() {
        return new Pace(0.6, BOUND, 0.75, END);
    }

    /** The time from the beginning of a pass that cost this much to the beginning of the next; both ns. */
    long period(long cost) {
        long cheap = Math.min((long) (cost / share), bound);
        if (cheap < SHORTEST) {
            // Hardly two frames of one stream would meet in it: it would cost latency and save no write.
            cheap = 0;
        }
        long needed = Math.min((long) (cost / most), end);
        // Even a pass longer than all bounds leaves the loop some time for its sockets.
        return Math.max(Math.max(cheap, needed), cost + cost / 16);
    }
}
