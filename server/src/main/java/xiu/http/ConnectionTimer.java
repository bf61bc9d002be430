package xiu.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import xiu.transport.trouble.Faults;

/**
 * Closes a connection that takes too long: to send a whole request, to send the next one, to take its answer, or to
 * close after the last one. One scheduled task per connection; a request costs no more than a field. Confined to the
 * event loop.
 */
final class ConnectionTimer {
    private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Checks are a little late, so that those of many connections wake the loop together. */
    private static final long GRID = TimeUnit.MILLISECONDS.toNanos(250);

    /** Whoever should answer has forgotten to: longer than the longest wait that any setting allows, an hour for a pull. */
    static final long FORGOTTEN = TimeUnit.MINUTES.toNanos(65);

    private final ChannelHandlerContext context;
    private final long requestNanos;
    private final long idleNanos;
    private final Runnable onLate;
    private State state = State.IDLE;
    private long deadline;
    /** When a check first found the request unanswered; 0 before. */
    private long busySince;

    private long scheduledFor;
    private long unwritten;
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
    ConnectionTimer(ChannelHandlerContext context, HttpSettings settings, Runnable onLate) {
        this.context = context;
        this.onLate = onLate;
        this.requestNanos = settings.requestTimeout().toNanos();
        this.idleNanos = settings.idleTimeout().toNanos();
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
        deadline = now() + idleNanos;
        unwritten = Long.MAX_VALUE;
    }

    void onClosing() {
        if (state != State.STOPPED) {
            state = State.CLOSING;
            unwritten = Long.MAX_VALUE;
            expectBy(CLOSING_NANOS);
        }
    }

    void stop() {
        state = State.STOPPED;
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
        long left = state == State.BUSY ? idleNanos : deadline - now();
        if (left > 0) {
            schedule(left);
        } else if (state != State.REQUEST && isBeingRead()) {
            schedule(state == State.CLOSING ? CLOSING_NANOS : idleNanos);
        } else {
            if (state == State.REQUEST) {
                onLate.run();
            }
            context.close();
        }
    }

    /** Whether the client has taken some of its answer since the last look. */
    private boolean isBeingRead() {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        long before = unwritten;
        unwritten = buffer == null ? 0 : unwritten(buffer);
        return unwritten > 0 && unwritten < before;
    }

    /** Not what the buffer says of itself: it counts a message that is half written as a whole one. */
    private static long unwritten(ChannelOutboundBuffer buffer) {
        long[] bytes = {0};
        try {
            buffer.forEachFlushedMessage(message -> {
                bytes[0] += left(message);
                return true;
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return bytes[0];
    }

    private static long left(Object message) {
        return message instanceof FileRegion region
                ? region.count() - region.transferred()
                : ((ByteBuf) message).readableBytes();
    }
}
