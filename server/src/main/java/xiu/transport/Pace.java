package xiu.transport;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long from the beginning of one pass over the players to the next. Writing costs per write and hardly per byte, so
 * waiting and writing more at once is what saves processor time; and waiting is latency. So: the players of one stream
 * may take a small share of the loop's time at any rate, and all players together a larger one, the larger the less else
 * the loop has to do; when frame-by-frame would take more, the period grows until the share is met, up to a bound that
 * viewers do not notice; beyond that bound only so far as the loop must not be saturated.
 *
 * @param one what the players of one stream may take of the loop before the period grows
 * @param least what a pass may take of a busy loop before the period grows: many small audiences have little to save
 * @param all what a pass may take of a loop that has little else to do
 * @param bound how far the period grows for the sake of these two, ns
 * @param most what a pass may take of the loop before the period grows beyond {@code bound}
 * @param end how far the period ever grows, unless a pass takes longer, ns
 */
record Pace(double one, double least, double all, long bound, double most, long end) {
    /**
     * A rest hardly longer than the time between two frames merges two of them now and then, and makes all the others
     * late: at 30 frames a second one for the sake of a single stream has to save every other write.
     */
    private static final long SHORTEST_OF_ONE = TimeUnit.MILLISECONDS.toNanos(60);
    /** The frames of many streams come at any time: rests shorter than a frame save no write. */
    private static final long SHORTEST_OF_ALL = TimeUnit.MILLISECONDS.toNanos(30);

    private static final long BOUND = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long END = TimeUnit.MILLISECONDS.toNanos(350);
    /** What a loop may be busy with all its work before passes give way: what is left is for what comes unexpected. */
    private static final double FULL = 0.85;

    /** Saves processor time as soon as there is some to save. */
    static Pace adaptive() {
        return new Pace(0.06, 0.15, 0.3, BOUND, 0.6, END);
    }

    /** Frame by frame until the loop is nearly saturated. */
    static Pace low() {
        return new Pace(0.6, 0.6, 0.6, BOUND, 0.75, END);
    }

    /**
     * The time from the beginning of a pass to the beginning of the next, ns.
     *
     * @param largest what the largest audience in it costs as a rule, ns
     * @param usual what such a pass costs as a rule, ns
     * @param cost what this one cost, ns
     * @param others what the loop's other work takes of its time, 0 to 1
     */
    long period(long largest, long usual, long cost, double others) {
        double share = Math.clamp(FULL - others, least, all);
        long cheap =
                Math.min(Math.max(worth(largest / one, SHORTEST_OF_ONE), worth(usual / share, SHORTEST_OF_ALL)), bound);
        long needed = Math.min((long) (cost / most), end);
        // Even a pass longer than all bounds leaves the loop some time for its sockets.
        return Math.max(Math.max(cheap, needed), cost + cost / 16);
    }

    private static long worth(double rest, long shortest) {
        return rest < shortest ? 0 : (long) rest;
    }

    /**
     * What a turn costs as a rule. A pass that was held up, by the collector or a neighbour on the same processor, says
     * nothing about the next one; taken at its word it would cost every player a long rest. Confined to one event loop.
     */
    static final class TurnCost {
        /** A pass moves the mean by this part of the difference: some ten passes, a fraction of a second, to believe it. */
        private static final int WEIGHT = 8;
        /** A turn counts at most this many times the mean. */
        private static final int OUTLIER = 4;

        private long mean;

        /**
         * A pass is over.
         *
         * @param cost what it cost, ns
         * @param turns how many turns it had
         */
        void passed(long cost, int turns) {
            if (turns > 0) {
                long turn = cost / turns;
                mean = mean == 0 ? turn : mean + (Math.min(turn, OUTLIER * mean) - mean) / WEIGHT;
            }
        }

        /**
         * What so many turns cost as a rule, ns. Turns by ones and twos are dear, each with a wake-up and cold caches: a
         * pass of many that was much cheaper knows better.
         *
         * @param cost what the pass with them cost, ns
         */
        long of(int turns, long cost) {
            long usual = mean * turns;
            return cost < usual / 2 ? cost : usual;
        }
    }

    /** What an event loop does besides passes: publishers, commands, HLS. Confined to it. */
    static final class OtherWork {
        /** Passes that take less than this part of the time are too short, or too far apart, for their share to matter. */
        private static final int LITTLE = 100;

        private long passes;
        private long processorAt;
        private long lookedAt;
        private boolean begun;
        private double share;

        /** A pass has cost so much, ns. */
        void passed(long cost) {
            passes += cost;
        }

        /**
         * From time to time.
         *
         * @param processor what the loop's thread has had of a processor since it began, ns; asked only where that matters
         * @param now ns
         */
        void look(LongSupplier processor, long now) {
            if (passes < (now - lookedAt) / LITTLE) {
                begun = false;
                share = 0;
            } else {
                long had = processor.getAsLong();
                if (begun && now > lookedAt) {
                    share = Math.clamp((had - processorAt - passes) / (double) (now - lookedAt), 0, 1);
                }
                begun = true;
                processorAt = had;
            }
            lookedAt = now;
            passes = 0;
        }

        /** What it took of the loop's time between the last two looks, 0 to 1. */
        double share() {
            return share;
        }
    }
}
