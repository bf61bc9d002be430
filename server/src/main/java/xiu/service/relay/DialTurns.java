package xiu.service.relay;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import xiu.transport.trouble.GuardedTask;

/**
 * Bounds the dialling of one far side: how many dials at once and how many per second. The askers take turns, so that
 * an address that asks for a thousand streams delays another by a single dial. Confined to the relay thread.
 */
final class DialTurns {
    /** Dials at once that the far side has neither accepted nor refused. */
    static final int AT_ONCE = 128;
    /** Of those, for one asker. */
    static final int OF_ONE_ASKER = 32;
    /** Dials per second in the long run. */
    static final int PER_SECOND = 200;

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
    /** Dials that may follow each other without a pause after a quiet time. */
    private static final long BURST = 64;

    private final ScheduledExecutorService thread;
    private final LongSupplier clock;
    private final Map<Object, Asker> askers = new LinkedHashMap<>();
    private int running;
    /** When the next dial would be due if each had waited for the interval, ns. */
    private long due;

    private boolean serving;
    private boolean waitsForTime;
    private boolean closed;

    private static final class Asker {
        private final ArrayDeque<Turn> waiting = new ArrayDeque<>();
        private int running;
    }

    /** One dial, from the request for it until its outcome is known. */
    final class Turn {
        private final Object asker;
        private final Runnable dial;
        private boolean began;
        private boolean over;

        private Turn(Object asker, Runnable dial) {
            this.asker = asker;
            this.dial = dial;
        }

        /** The outcome is known, or the dial is not wanted any more. Later calls change nothing. */
        void end() {
            if (over) {
                return;
            }
            over = true;
            Asker of = askers.get(asker);
            if (of != null && began) {
                of.running--;
                running--;
            } else if (of != null) {
                of.waiting.remove(this);
            }
            if (of != null && of.running == 0 && of.waiting.isEmpty()) {
                askers.remove(asker);
            }
            serve();
        }
    }

    /**
     * A far side that is not being dialled.
     *
     * @param clock ns from any beginning
     */
    DialTurns(ScheduledExecutorService thread, LongSupplier clock) {
        this.thread = thread;
        this.clock = clock;
        this.due = clock.getAsLong() - BURST * INTERVAL;
    }

    /**
     * Asks for a turn. The dial begins with the next {@link #serve}, which the caller calls once it has stored the
     * turn.
     *
     * @param asker for whom
     * @param dial begins the dial; not called once the turn has ended
     */
    Turn ask(Object asker, Runnable dial) {
        Turn turn = new Turn(asker, dial);
        askers.computeIfAbsent(asker, of -> new Asker()).waiting.add(turn);
        return turn;
    }

    /** Begins all dials that may begin now. */
    void serve() {
        if (serving) {
            // Called by a dial that has ended at once; the loop below goes on with the next one.
            return;
        }
        serving = true;
        try {
            for (Turn next = next(); next != null; next = next()) {
                next.dial.run();
            }
        } finally {
            serving = false;
        }
    }

    /** No dial begins any more. */
    void close() {
        closed = true;
    }

    private @Nullable Turn next() {
        if (closed || running >= AT_ONCE) {
            return null;
        }
        for (Map.Entry<Object, Asker> entry : askers.entrySet()) {
            Asker asker = entry.getValue();
            if (!asker.waiting.isEmpty() && asker.running < OF_ONE_ASKER) {
                return isTooSoon() ? null : begin(entry.getKey(), asker);
            }
        }
        return null;
    }

    private Turn begin(Object key, Asker asker) {
        Turn turn = asker.waiting.remove();
        turn.began = true;
        asker.running++;
        running++;
        // To the end of the order: the other askers come first now.
        askers.remove(key);
        askers.put(key, asker);
        return turn;
    }

    private boolean isTooSoon() {
        long now = clock.getAsLong();
        due = Math.max(due, now - BURST * INTERVAL);
        if (due < now) {
            due += INTERVAL;
            return false;
        }
        if (!waitsForTime) {
            waitsForTime = true;
            thread.schedule(new GuardedTask("relay", this::timeHasCome), due - now + 1, TimeUnit.NANOSECONDS);
        }
        return true;
    }

    private void timeHasCome() {
        waitsForTime = false;
        serve();
    }
}
