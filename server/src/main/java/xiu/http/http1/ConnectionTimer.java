package xiu.http.http1;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xiu.transport.send.SendProgress;
import xiu.transport.send.SlowReaders;

/**
 * Closes a connection that takes too long: to send a whole request, to send the next one, to take its answer, or to
 * close after the last one. Also has a request answered that nobody has answered in time. A client that takes some of
 * its answer every few seconds gets all of it, within the longest time that an answer may take. One scheduled task per
 * connection; a request whose answer the kernel takes at once costs no more than a field. Confined to the event loop.
 */
final class ConnectionTimer {
    private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Checks are delayed to multiples of this, so that those of many connections wake the loop together. */
    private static final long GRID = TimeUnit.MILLISECONDS.toNanos(250);
    /** How often an answer is checked that the client does not take at once. */
    private static final long CHECK_STEP = TimeUnit.SECONDS.toNanos(2);

    private final ChannelHandlerContext context;
    private final ConnectionContext shared;
    private final long requestNanos;
    private final long answerNanos;
    private final long idleNanos;
    private final long stallNanos;
    private final long replyNanos;
    private final SlowReaders slow;
    private final SendProgress progress;
    private final Runnable onLate;
    private final Runnable onUnanswered;
    private State state = State.IDLE;
    private long deadline;
    private long scheduledFor;
    /** When the answer that is being taken was given, and when the client last took some of it. */
    private long answeredAt;

    private long movedAt;
    /** Whether the last flush left something unsent. */
    private boolean waiting;

    private @Nullable ScheduledFuture<?> task;

    private enum State {
        /** Waits only for the next request, and for the last answer to be taken. */
        IDLE,
        /** A request is arriving. */
        REQUEST,
        /** A request is being answered. */
        BUSY,
        CLOSING,
        STOPPED
    }

    /**
     * A timer that has not begun.
     *
     * @param onLate runs when a request takes too long to arrive, before the connection is closed
     * @param onUnanswered runs when a request has not been answered in time, and answers it
     */
    ConnectionTimer(ChannelHandlerContext context, ConnectionContext shared, Runnable onLate, Runnable onUnanswered) {
        this.context = context;
        this.shared = shared;
        this.onLate = onLate;
        this.onUnanswered = onUnanswered;
        this.requestNanos = shared.settings().requestTimeout().toNanos();
        this.answerNanos = shared.settings().answerTimeout().toNanos();
        this.idleNanos = shared.settings().idleTimeout().toNanos();
        this.stallNanos = shared.settings().stallTimeout().toNanos();
        this.replyNanos = shared.settings().replyTimeout().toNanos();
        this.slow = SlowReaders.of(context.channel());
        this.progress = SendProgress.of(context.channel());
    }

    /** A request has begun, or the connection is new; harmless when repeated for one request. */
    void onRequestBegun() {
        if (state == State.IDLE) {
            state = State.REQUEST;
            expectBy(requestNanos);
        }
    }

    void onRequestComplete() {
        state = State.BUSY;
        deadline = now() + answerNanos;
    }

    /** Allows this time for the answer from now on; never shortens it. */
    void extend(Duration time) {
        long wanted = now() + time.toNanos();
        if (state == State.BUSY && wanted - deadline > 0) {
            deadline = wanted;
        }
    }

    /** The request was not answered at once. */
    void onAnswerAwaited() {
        ensureCheck();
    }

    void onAnswered() {
        state = State.IDLE;
        answeredAt = now();
        deadline = answeredAt + idleNanos;
    }

    /** Everything written is with the kernel, or waits for the client. */
    void onFlushed() {
        if (!waiting && state != State.STOPPED && progress.unwritten() > 0) {
            waiting = true;
            answeredAt = now();
            movedAt = answeredAt;
            progress.moved();
            long first = scheduledFor - answeredAt;
            if (task == null || first > CHECK_STEP || first < 0) {
                schedule(CHECK_STEP);
            }
        }
    }

    void onClosing() {
        if (state != State.STOPPED) {
            state = State.CLOSING;
            expectBy(CLOSING_NANOS);
        }
    }

    void stop() {
        state = State.STOPPED;
        slow.remove(context.channel());
        cancel();
    }

    private long now() {
        return context.executor().ticker().nanoTime();
    }

    private void expectBy(long nanos) {
        deadline = now() + nanos;
        ensureCheck();
    }

    private void ensureCheck() {
        if (task == null || deadline + GRID - scheduledFor <= 0) {
            schedule(deadline - now());
        }
    }

    private void schedule(long nanos) {
        cancel();
        long now = now();
        scheduledFor = Math.ceilDiv(now + nanos, GRID) * GRID;
        task = context.executor().schedule(this::check, scheduledFor - now, TimeUnit.NANOSECONDS);
    }

    private void cancel() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    private void check() {
        task = null;
        if (waiting && isTaking()) {
            return;
        }
        if (deadline - now() > 0) {
            ensureCheck();
        } else if (state == State.BUSY) {
            onUnanswered.run();
            afterDeadline();
        } else {
            if (state == State.REQUEST) {
                onLate.run();
            }
            context.close();
        }
    }

    /** A thread that answers at this very moment is given some more time. */
    private void afterDeadline() {
        if (state == State.BUSY) {
            expectBy(CLOSING_NANOS);
        } else if (state != State.STOPPED) {
            ensureCheck();
        }
    }

    /** Whether the client still takes an answer, which was handled until the next check. */
    private boolean isTaking() {
        long now = now();
        if (progress.moved()) {
            movedAt = now;
        }
        if (progress.unwritten() == 0) {
            waiting = false;
            slow.remove(context.channel());
            return false;
        }
        if (now - movedAt > stallNanos) {
            abandon("limit_http_stall_timeout", "takes nothing of its answer");
        } else if (now - answeredAt > replyNanos) {
            abandon("limit_http_reply_timeout", "takes too long for its answer");
        } else if (progress.isInFlight() && now - movedAt > slow.patience()) {
            abandon("http_client_gone", "acknowledges nothing");
        } else if (awaitsSomebody() && deadline - now <= 0) {
            return false;
        } else {
            if (!awaitsSomebody()) {
                deadline = now + (state == State.CLOSING ? CLOSING_NANOS : idleNanos);
            }
            slow.add(context.channel(), answeredAt);
            schedule(CHECK_STEP);
        }
        return true;
    }

    /**
     * Whether the deadline is that of a request or of its answer, which slow taking of an earlier answer does not
     * extend.
     */
    private boolean awaitsSomebody() {
        return state == State.REQUEST || state == State.BUSY;
    }

    private void abandon(String event, String detail) {
        shared.trouble(context.channel(), event, detail);
        slow.reset(context.channel());
        context.close();
    }
}
