package xiu.protocol.rtmp.client;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.stream.relay.RelayEnd;

/**
 * The timeouts of a client: until the far side agrees, and from then on whether it still sends. One timer. Confined to
 * the client's event loop.
 */
final class ClientWatch {
    /** How often it checks within the time that the far side may be silent. */
    private static final int CHECKS = 4;

    private final EventLoop loop;
    private final ClientContext context;
    private final boolean plays;
    private final Listener listener;
    private @Nullable Future<?> deadline;
    private boolean mediaSeen;
    private long receivedBytes;
    private long receivedAt;

    /** The client that is watched. */
    interface Listener {
        /** The far side still sends; a regular check may be made. */
        void onCheck();

        /** The far side has exceeded one of our limits. */
        void exceeded(RelayEnd.Kind kind, String event, String detail);

        /** The far side has taken too long. */
        void end(RelayEnd end);
    }

    ClientWatch(EventLoop loop, ClientContext context, boolean plays, Listener listener) {
        this.loop = loop;
        this.context = context;
        this.plays = plays;
        this.listener = listener;
    }

    /** A connection is being made; the time until the far side agrees begins. */
    void onDial() {
        Duration limit = context.times().connect().plus(context.times().setup());
        schedule(limit.toNanos(), () -> listener.end(new RelayEnd(RelayEnd.Kind.STALLED, "no answer in time")));
    }

    /** The far side has agreed, on this link. */
    void onAgreed(RtmpLink link) {
        received(link);
        scheduleCheck(link);
    }

    void onMedia() {
        mediaSeen = true;
    }

    void end() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void schedule(long nanos, Runnable task) {
        end();
        deadline = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    private void received(RtmpLink link) {
        receivedBytes = link.receivedBytes();
        receivedAt = loop.ticker().nanoTime();
    }

    /** Schedules the next check: a regular one, or that of an incomplete message, whichever comes first. */
    private void scheduleCheck(RtmpLink link) {
        long left = context.limits().get().messageTimeout().toNanos() - link.unfinishedNanos();
        schedule(Math.clamp(left, 1, context.times().stall().toNanos() / CHECKS), () -> check(link));
    }

    private void check(RtmpLink link) {
        boolean silent = link.receivedBytes() == receivedBytes;
        if (link.isStuck()) {
            listener.exceeded(RelayEnd.Kind.STALLED, "limit_rtmp_message_timeout", "a message is not whole");
        } else if (!silent || !plays) {
            received(link);
            listener.onCheck();
            scheduleCheck(link);
        } else if (loop.ticker().nanoTime() - receivedAt
                < context.times().stall().toNanos()) {
            scheduleCheck(link);
        } else if (mediaSeen) {
            listener.end(new RelayEnd(RelayEnd.Kind.STALLED, "nothing came any more"));
        } else {
            // Some servers accept players of streams that do not exist and send nothing.
            listener.end(new RelayEnd(RelayEnd.Kind.NOT_FOUND, "accepted, but nothing came"));
        }
    }
}
