package xiu.service.guard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.StreamHub;
import xiu.stream.Viewer;
import xiu.transport.Service;
import xiu.transport.trouble.Faults;
import xiu.transport.trouble.GuardedTask;
import xiu.transport.trouble.RareLines;

/**
 * The limit on the media memory of the whole server. Each stream and each viewer is bounded by itself, but their sum is
 * not. Above the limit, the viewers that are farthest behind are closed first, because nobody else needs the memory
 * that they hold, and no new stream may begin until there is room again. A viewer that is only a little behind stays
 * while others are much farther. Replies that slow clients have been taking for the longest are closed likewise, and
 * also when the memory that only such replies hold is too much.
 */
public final class MemoryGuard implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryGuard.class);
    private static final long PERIOD = 500;
    /** Viewers closed per check at most, so that the effect is seen before more are closed. */
    private static final int MOST_AT_ONCE = 64;

    private static final RareLines LINES = new RareLines(LOG);

    private final StreamHub hub;
    private final LongSupplier used;
    private final LongSupplier ceiling;
    private final Replies replies;
    private final ScheduledExecutorService thread;
    private @Nullable Future<?> checking;
    private boolean above;
    private long closed;

    /** How far a viewer was behind when it was asked: its event loop goes on, and a sort needs numbers that stay. */
    private record Lag(Viewer viewer, long bytes) {}

    /**
     * Replies that slow clients take.
     *
     * @param held bytes that only such replies still hold; part of what is used
     * @param most the most that these may be, asked each time
     * @param closeSlowest closes those that have taken the longest, at most so many, and returns how many it has closed
     */
    public record Replies(LongSupplier held, LongSupplier most, IntUnaryOperator closeSlowest) {}

    /**
     * Checks {@code used} twice a second.
     *
     * @param used bytes of media that are held; not what an allocator has reserved, which keeps some of it for later
     * @param ceiling the most that it may be, asked each time
     */
    public MemoryGuard(
            StreamHub hub, LongSupplier used, LongSupplier ceiling, Replies replies, ScheduledExecutorService thread) {
        this.hub = hub;
        this.used = used;
        this.ceiling = ceiling;
        this.replies = replies;
        this.thread = thread;
    }

    @Override
    public void start() {
        checking = GuardedTask.every(PERIOD, thread, "memory_guard", this::check);
    }

    void check() {
        long now = used.getAsLong();
        long most = ceiling.getAsLong();
        boolean over = now > most;
        if (over) {
            closeWorst();
            closed += replies.closeSlowest.applyAsInt(MOST_AT_ONCE);
        } else {
            boundReplies();
        }
        // It ends only at nine tenths, so that one stream does not switch it on and off.
        boolean full = over || (above && now > most / 10 * 9);
        if (full != above) {
            above = full;
            hub.full(full);
            report(full, now, most);
        }
    }

    private void report(boolean full, long now, long most) {
        if (full) {
            LOG.warn(
                    "event=memory_ceiling_reached used={} ceiling={} viewers_closed={} new_streams=refused",
                    now,
                    most,
                    closed);
        } else {
            LOG.warn(
                    "event=memory_below_ceiling used={} ceiling={} viewers_closed={} new_streams=accepted",
                    now,
                    most,
                    closed);
        }
    }

    private void boundReplies() {
        long held = replies.held.getAsLong();
        long most = replies.most.getAsLong();
        if (held > most) {
            int gone = replies.closeSlowest.applyAsInt(MOST_AT_ONCE);
            String detail = held + " bytes (expected: at most " + most + "); " + gone + " replies end";
            LINES.happened("limit_hls_held_bytes", "slow readers", detail);
        }
    }

    private void closeWorst() {
        List<Lag> lags = lags();
        // A viewer that is far better off than the worst may only have met a full socket for a moment.
        List<Viewer> worst = lags.stream()
                .takeWhile(lag -> lag.bytes >= lags.getFirst().bytes / 2)
                .map(Lag::viewer)
                .toList();
        closed += worst.size();
        for (Viewer viewer : worst) {
            try {
                viewer.kick(EndReason.TOO_SLOW);
            } catch (Throwable fault) {
                // The other viewers must still be closed, and new streams refused.
                Faults.contained("fault_memory_guard", viewer.peer(), fault);
            }
        }
    }

    /** The viewers that are the farthest behind, worst first. */
    private List<Lag> lags() {
        List<Lag> lags = new ArrayList<>();
        for (MediaStream stream : hub.streams()) {
            for (Viewer viewer : stream.viewers()) {
                long bytes = viewer.behind();
                if (bytes > 0) {
                    lags.add(new Lag(viewer, bytes));
                }
            }
        }
        lags.sort(Comparator.comparingLong(Lag::bytes).reversed());
        return lags.subList(0, Math.min(MOST_AT_ONCE, lags.size()));
    }

    @Override
    public CompletionStage<Void> stop() {
        if (checking != null) {
            checking.cancel(false);
        }
        return CompletableFuture.completedFuture(null);
    }
}
