package xiu.transport;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long from the beginning of one pass over the players to the beginning of the next. A write costs the same for one
 * frame as for many, so waiting and writing more at once saves processor time, and costs latency. The players of one
 * stream may always take a small share of the loop's time. All players together may take a larger share, the larger the
 * less other work the loop has. When frame-by-frame delivery would take more, the period grows until the share is kept,
 * up to a bound that viewers do not notice, and beyond that bound only as far as the loop would otherwise be saturated.
 *
 * @param one share of the loop that the players of one stream may take before the period grows
 * @param least share of a busy loop that a pass may take before the period grows: many small audiences have little to
 *     save
 * @param all share that a pass may take of a loop with little other work
 * @param bound the longest period for the sake of these shares, ns
 * @param most share that a pass may take before the period grows beyond {@code bound}
 * @param end the longest period of all, unless a pass takes longer, ns
 */
record Pace(double one, double least, double all, long bound, double most, long end) {
    /**
     * The shortest period longer than a frame that is worth it for one stream. One hardly longer than a frame merges
     * two frames only now and then, and delays all the others; at 30 frames a second this one saves every other write.
     */
    private static final long SHORTEST_OF_ONE = TimeUnit.MILLISECONDS.toNanos(60);
    /**
     * The same for a pass over many streams, whose frames come at any time: a period shorter than a frame saves no
     * write.
     */
    private static final long SHORTEST_OF_ALL = TimeUnit.MILLISECONDS.toNanos(30);

    private static final long BOUND = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long END = TimeUnit.MILLISECONDS.toNanos(350);
    /**
     * Share of the loop's time for all its work, above which passes get less. The rest is for what comes unexpectedly.
     */
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
     * @param largest what the largest audience in it usually costs, ns
     * @param usual what such a pass usually costs, ns
     * @param cost what this one cost, ns
     * @param others share of the loop's time that its other work takes, 0 to 1
     */
    long period(long largest, long usual, long cost, double others) {
        double share = Math.clamp(FULL - others, least, all);
        long cheap =
                Math.min(Math.max(worth(largest / one, SHORTEST_OF_ONE), worth(usual / share, SHORTEST_OF_ALL)), bound);
        long needed = Math.min((long) (cost / most), end);
        // Even after a pass longer than all bounds the loop has some time for its sockets.
        return Math.max(Math.max(cheap, needed), cost + cost / 16);
    }

    private static long worth(double rest, long shortest) {
        return rest < shortest ? 0 : (long) rest;
    }

    /**
     * What a turn usually costs. A pass that the garbage collector or another process held up says nothing about the
     * next one; if it counted fully, every player would have to wait. Confined to one event loop.
     */
    static final class TurnCost {
        /**
         * A pass moves the mean by one part in so many of the difference, so that it takes some ten passes, a fraction
         * of a second, to follow.
         */
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
         * The usual cost of so many turns, ns. Turns by ones and twos are expensive, each with a wake-up and cold
         * caches, so the mean may be too high for a pass of many: when this one cost less than half of it, its own cost
         * is returned.
         *
         * @param cost what the pass with them cost, ns
         */
        long of(int turns, long cost) {
            long usual = mean * turns;
            return cost < usual / 2 ? cost : usual;
        }
    }

    /** The work of an event loop besides passes: publishers, commands, HLS. Confined to the loop. */
    static final class OtherWork {
        /**
         * Passes that take less than one part in so many of the time do not matter, and the processor time is not asked
         * for.
         */
        private static final int LITTLE = 100;

        private long passes;
        private long processorAt;
        private long sampledAt;
        private boolean begun;
        private double share;

        /** A pass has cost this, ns. */
        void passed(long cost) {
            passes += cost;
        }

        /**
         * Measures the share again; called about once a second.
         *
         * @param processor processor time of the loop's thread since it began, ns; a system call, made only where it
         *     matters
         * @param now ns
         */
        void sample(LongSupplier processor, long now) {
            if (passes < (now - sampledAt) / LITTLE) {
                begun = false;
                share = 0;
            } else {
                long had = processor.getAsLong();
                if (begun && now > sampledAt) {
                    share = Math.clamp((had - processorAt - passes) / (double) (now - sampledAt), 0, 1);
                }
                begun = true;
                processorAt = had;
            }
            sampledAt = now;
            passes = 0;
        }

        /** The share of the loop's time that it took between the last two samples, 0 to 1. */
        double share() {
            return share;
        }
    }
}
