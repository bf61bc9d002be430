package xiu.transport;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import xiu.media.WireFormat;
import xiu.metrics.ConfinedCounter;
import xiu.stream.MediaStream;
import xiu.stream.settings.LatencyMode;
import xiu.transport.trouble.Faults;
import xiu.transport.trouble.GuardedTask;

/**
 * Delivers to all playbacks of one event loop, in passes. A pass gives one turn to every playback of the streams that
 * have grown. What a pass costs decides how long the loop then waits until the next ({@link Pace}): not at all while
 * passes are cheap; longer, so that each write carries more, as they become expensive. There is one of these per event
 * loop, confined to it, with one pending wake-up at most.
 */
final class FanOut {
    private static final FastThreadLocal<@Nullable FanOut> CURRENT = new FastThreadLocal<>();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    /** After so many turns the loop serves its sockets before the pass goes on. */
    private static final int SLICE = 256;

    private static final long INSPECTION_MILLIS = 1_000;

    private record StreamFormat(MediaStream stream, WireFormat format) {}

    private final EventLoop loop;
    // Made once, because they are given to the loop with every frame.
    private final Runnable waking = contained(this::wake);
    private final Runnable passing = contained(this::pass);
    private final Runnable slicing = contained(this::slice);
    private final Map<StreamFormat, Audience> audiences = new HashMap<>();
    private final Queue<Audience> grown = new ConcurrentLinkedQueue<>();
    /** The audiences that this pass has still to serve: those that had grown when it began. */
    private final Deque<Audience> served = new ArrayDeque<>();

    private final AtomicBoolean awake = new AtomicBoolean();
    private final Pace adaptive = Pace.adaptive();
    private final Pace low = Pace.low();
    private final Pace.TurnCost turnCost = new Pace.TurnCost();
    private final Pace.OtherWork others = new Pace.OtherWork();

    private final ConfinedCounter passes = new ConfinedCounter();
    private final ConfinedCounter turns = new ConfinedCounter();
    private final ConfinedCounter busyNanos = new ConfinedCounter();

    private long restUntil;
    private long passStarted;
    private long passCost;
    private int passTurns;
    private int largest;
    private boolean passIsLow;
    private @Nullable Audience serving;
    private int seat;

    private FanOut(EventLoop loop) {
        this.loop = loop;
        if (loop.parent() instanceof LoopGroup group) {
            group.add(this);
        }
        GuardedTask.every(INSPECTION_MILLIS, loop, "fan_out", this::inspect);
    }

    /** The fan-out of {@code loop}, on which this must be called. */
    static FanOut of(EventLoop loop) {
        FanOut found = CURRENT.get();
        if (found == null || found.loop != loop) {
            found = new FanOut(loop);
            CURRENT.set(found);
        }
        return found;
    }

    /** Passes so far; any thread. */
    long passes() {
        return passes.value();
    }

    /** Turns that playbacks have had; any thread. */
    long turns() {
        return turns.value();
    }

    /** What the passes have cost, ns; any thread. */
    long busyNanos() {
        return busyNanos.value();
    }

    /** The audience of a stream in a format on this loop: the one that exists while somebody is in it, or a new one. */
    Audience audience(MediaStream stream, WireFormat format) {
        return audiences.computeIfAbsent(new StreamFormat(stream, format), place -> new Audience(this, stream, format));
    }

    void forget(Audience empty) {
        audiences.remove(new StreamFormat(empty.stream(), empty.format()), empty);
    }

    /** Runs {@code task} on the loop; any thread. A loop that has ended has no playbacks, so its task is dropped. */
    void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            if (!loop.isShuttingDown()) {
                throw e;
            }
        }
    }

    /**
     * A step of a pass that contains its own faults, such as a lack of memory. Audiences that the pass has not served
     * are served by the next one, which the next frame or the next inspection begins.
     */
    private Runnable contained(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (Throwable fault) {
                Faults.contained("fault_fan_out", Thread.currentThread().getName(), fault);
                awake.set(false);
            }
        };
    }

    /** An audience's stream has grown; any thread. */
    void due(Audience audience) {
        grown.add(audience);
        if (!awake.get() && awake.compareAndSet(false, true)) {
            try {
                execute(waking);
            } catch (Throwable fault) {
                // While it is set nobody would try again.
                awake.set(false);
                throw fault;
            }
        }
    }

    private void wake() {
        long now = System.nanoTime();
        if (now < restUntil) {
            loop.schedule(passing, restUntil - now, TimeUnit.NANOSECONDS);
        } else {
            pass();
        }
    }

    private void pass() {
        passStarted = System.nanoTime();
        passCost = 0;
        passTurns = 0;
        largest = 0;
        passIsLow = false;
        // What grows during the pass waits for the next one: otherwise a pass longer than a frame would never end, and
        // every frame would cost a write.
        for (Audience next = grown.poll(); next != null; next = grown.poll()) {
            next.taken();
            passIsLow |= next.latency() == LatencyMode.LOW;
            served.add(next);
        }
        slice();
    }

    /** Some turns of the pass; then the loop serves its sockets, then follows the next slice. */
    private void slice() {
        long started = System.nanoTime();
        int turns = 0;
        while (turns < SLICE) {
            Audience now = serving;
            if (now == null) {
                now = served.poll();
                if (now == null) {
                    passCost += System.nanoTime() - started;
                    passTurns += turns;
                    finishPass();
                    return;
                }
                serving = now;
                seat = now.size();
                largest = Math.max(largest, seat);
            }
            // From the last seat down: a playback that moves to a free seat during the pass has had its turn already.
            Playback playback = --seat < 0 ? null : now.at(seat);
            if (playback != null) {
                ContainedTurn.pump(playback);
                turns++;
            }
            if (seat <= 0) {
                serving = null;
            }
        }
        passCost += System.nanoTime() - started;
        passTurns += turns;
        // A scheduled task, unlike an executed one, lets the loop serve its sockets first.
        loop.schedule(slicing, 0, TimeUnit.NANOSECONDS);
    }

    private void finishPass() {
        passes.increment();
        turns.add(passTurns);
        busyNanos.add(passCost);
        turnCost.passed(passCost, passTurns);
        others.passed(passCost);
        Pace pace = passIsLow ? low : adaptive;
        long usual = turnCost.of(passTurns, passCost);
        long most = turnCost.of(largest, passCost);
        restUntil = passStarted + pace.period(most, usual, passCost, others.share());
        awake.set(false);
        if (!grown.isEmpty() && awake.compareAndSet(false, true)) {
            wake();
        }
    }

    private void inspect() {
        long now = System.nanoTime();
        others.sample(THREADS::getCurrentThreadCpuTime, now);
        for (Audience audience : List.copyOf(audiences.values())) {
            audience.inspect();
            for (int i = audience.size() - 1; i >= 0; i--) {
                Playback playback = audience.at(i);
                if (playback != null) {
                    ContainedTurn.inspect(playback, now);
                }
            }
        }
        if ((serving != null || !served.isEmpty() || !grown.isEmpty()) && awake.compareAndSet(false, true)) {
            waking.run();
        }
    }
}
