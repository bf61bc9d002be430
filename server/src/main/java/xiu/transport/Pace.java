package xiu.transport;

import java.util.concurrent.TimeUnit;

/**
 * How long from the beginning of one pass over the players to the next. Writing costs per write and hardly per byte, so
 * waiting and writing more at once is what saves processor time; and waiting is latency. So: the players of one stream
 * may take a small share of the loop's time at any rate, and all players together a larger one; when frame-by-frame
 * would take more, the period grows until the share is met, up to a bound that viewers do not notice; beyond that bound
 * only so far as the loop must not be saturated.
 *
 * @param one what the players of one stream may take of the loop before the period grows
 * @param all what a pass may take of the loop before the period grows: many small audiences have little to save
 * @param bound how far the period grows for the sake of these two, ns
 * @param most what a pass may take of the loop before the period grows beyond {@code bound}
 * @param end how far the period ever grows, unless a pass takes longer, ns
 */
record Pace(double one, double all, long bound, double most, long end) {
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(12);
    private static final long BOUND = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long END = TimeUnit.MILLISECONDS.toNanos(350);

    /** Saves processor time as soon as there is some to save. */
    static Pace adaptive() {
        return new Pace(0.06, 0.15, BOUND, 0.6, END);
    }

    /** Frame by frame until the loop is nearly saturated. */
    static Pace low() {
        return new Pace(0.6, 0.6, BOUND, 0.75, END);
    }

    /**
     * The time from the beginning of a pass to the beginning of the next, ns.
     *
     * @param largest what the largest audience in it costs as a rule, ns
     * @param usual what such a pass costs as a rule, ns
     * @param cost what this one cost, ns
     */
    long period(long largest, long usual, long cost) {
        long cheap = Math.min((long) Math.max(largest / one, usual / all), bound);
        if (cheap < SHORTEST) {
            // Hardly two frames of one stream would meet in it: it would cost latency and save no write.
            cheap = 0;
        }
        long needed = Math.min((long) (cost / most), end);
        // Even a pass longer than all bounds leaves the loop some time for its sockets.
        return Math.max(Math.max(cheap, needed), cost + cost / 16);
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

        /** What so many turns cost as a rule, ns. */
        long of(int turns) {
            return mean * turns;
        }
    }

    /**
     * How long a loop stands still after a pass, so that the frames of many streams meet. A sleep of the loop costs a
     * system call and a wake-up, and cold caches for what runs then; with many streams it would sleep and wake up for
     * every frame of every one of them. Confined to one event loop.
     */
    static final class Gathering {
        /** From pass to pass; hardly more than what a wake-up takes on a busy machine, ns. */
        private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(1);
        /** So many audiences must have grown in it as a rule: fewer are not worth the wait. */
        private static final int WORTH = 4;
        /** A pass moves the mean by this part of the difference. */
        private static final int WEIGHT = 16;

        private long last;
        /** From one audience that has grown to the next, as a rule, ns. */
        private long interval = PERIOD;

        /**
         * A pass is over.
         *
         * @param started when it began, ns
         * @param audiences that it served
         * @param now ns
         * @return how long to stand still, ns; 0 for not at all
         */
        long rest(long started, int audiences, long now) {
            // The clock's zero is anywhere, also after now: the first gap means nothing.
            long gap = Math.clamp(started - last, 0, PERIOD) / Math.max(1, audiences);
            last = started;
            interval += (gap - interval) / WEIGHT;
            return interval > PERIOD / WORTH ? 0 : Math.max(0, started + PERIOD - now);
        }
    }
}
