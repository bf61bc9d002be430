package xiu.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import xiu.transport.closing.LastBytes;
import xiu.transport.send.SendProgress;
import xiu.transport.send.SlowReaders;
import xiu.transport.trouble.Faults;

/**
 * Closes a connection that takes too long: to send a whole request, to send the next one, to take its answer, or to
 * close after the last one. Whoever takes some of its answer every few seconds gets all of it, within the longest time
 * that an answer may take. One scheduled task per connection; a request whose answer the kernel takes at once costs no
 * more than a field. Confined to the event loop.
 */
final class ConnectionTimer {
    private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Checks are a little late, so that those of many connections wake the loop together. */
    private static final long GRID = TimeUnit.MILLISECONDS.toNanos(250);
    /** Between two looks at an answer that the client does not take at once. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(2);

    /** Whoever should answer has forgotten to: longer than the longest wait that any setting allows, an hour for a pull. */
    static final long FORGOTTEN = TimeUnit.MINUTES.toNanos(65);

    private final ChannelHandlerContext context;
    private final HttpPipeline pipeline;
    private final long requestNanos;
    private final long idleNanos;
    private final long stallNanos;
    private final long replyNanos;
    private final SlowReaders slow;
    private final SendProgress progress;
    private final Runnable onLate;
    private State state = State.IDLE;
    private long deadline;
    /** When a check first found the request unanswered; 0 before. */
    private long busySince;

    private long scheduledFor;
    /** When the answer that is being taken was given, and when the client last took some of it. */
    private long answeredAt;

    private long movedAt;
    /** Whether the last flush left something. */
    private boolean waiting;

    private @Nullable ScheduledFuture<?> task;

    private enum State {
        /** Nothing to wait for but the next request, and for the answer to be taken. */
        IDLE,
        /** A request is arriving. */
        REQUEST,
        /** A request is being answered; its route bounds the time. */
        BUSY,
        CLOSING,
        STOPPED
    }

    /** {@code onLate} runs when a request takes too long to arrive, before the connection is closed. */
    ConnectionTimer(ChannelHandlerContext context, HttpPipeline pipeline, Runnable onLate) {
        this.context = context;
        this.pipeline = pipeline;
        this.onLate = onLate;
        this.requestNanos = pipeline.settings().requestTimeout().toNanos();
        this.idleNanos = pipeline.settings().idleTimeout().toNanos();
        this.stallNanos = pipeline.settings().stallTimeout().toNanos();
        this.replyNanos = pipeline.settings().replyTimeout().toNanos();
        this.slow = SlowReaders.of(context.channel());
        this.progress = new SendProgress(context.channel());
    }

    /** The first bytes of a request are here, or the connection is new; harmless when repeated for one request. */
    void onRequestBegun() {
        if (state == State.IDLE) {
            state = State.REQUEST;
            expectBy(requestNanos);
        }
    }

    void onRequestComplete() {
        state = State.BUSY;
        busySince = 0;
    }

    void onAnswered() {
        state = State.IDLE;
        answeredAt = now();
        deadline = answeredAt + idleNanos;
    }

    /** All that was written is with the kernel, or waits for the client. */
    void onFlushed() {
        if (!waiting && state != State.STOPPED && SendProgress.unwritten(context.channel()) > 0) {
            waiting = true;
            answeredAt = now();
            movedAt = answeredAt;
            progress.moved();
            long first = scheduledFor - answeredAt;
            if (task == null || first > LOOK || first < 0) {
                schedule(LOOK);
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
        if (task == null || deadline + GRID - scheduledFor <= 0) {
            schedule(nanos);
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

    private boolean isForgotten() {
        if (state != State.BUSY) {
            return false;
        }
        long now = now();
        busySince = busySince == 0 ? now : busySince;
        return now - busySince > FORGOTTEN;
    }

    private void check() {
        if (isForgotten()) {
            Faults.contained("fault_http", context.channel().id(), new TimeoutException("a request was not answered"));
            context.close();
            return;
        }
        if (waiting && isTaking()) {
            return;
        }
        long left = state == State.BUSY ? idleNanos : deadline - now();
        if (left > 0) {
            schedule(left);
        } else {
            if (state == State.REQUEST) {
                onLate.run();
            }
            context.close();
        }
    }

    /** Whether an answer is still being taken, and all is said about it until the next look. */
    private boolean isTaking() {
        long now = now();
        if (progress.moved()) {
            movedAt = now;
        }
        if (SendProgress.unwritten(context.channel()) == 0) {
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
        } else if (state == State.REQUEST && deadline - now <= 0) {
            return false;
        } else {
            if (state != State.REQUEST) {
                deadline = now + (state == State.CLOSING ? CLOSING_NANOS : idleNanos);
            }
            slow.add(context.channel(), answeredAt);
            schedule(LOOK);
        }
        return true;
    }

    private void abandon(String event, String detail) {
        pipeline.trouble(context.channel(), event, detail);
        LastBytes.drop(context.channel());
        context.close();
    }
}
