package xiu.service.relay;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xiu.stream.MediaStream;
import xiu.stream.Publisher;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSink;
import xiu.transport.trouble.Faults;
import xiu.transport.trouble.GuardedTask;

/**
 * Carries one stream to one target for as long as the stream lives, and retries whenever the target fails. Confined to
 * the relay thread.
 */
final class PushRelay {
    private final MediaStream stream;
    private final UrlTemplate target;
    private final StreamSink.Factory sinks;
    private final String nodeId;
    private final ScheduledExecutorService thread;
    private final DialTurns turns;
    private final Relay relay;
    private final Backoff backoff =
            new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private DialTurns.@Nullable Turn turn;
    private @Nullable Call call;
    private @Nullable StreamSink sink;
    private @Nullable Future<?> retry;
    private long runningSince;
    private boolean halted;
    private boolean over;

    /** What the target gets at connect; both values depend on the publisher. */
    private record Call(URI to, List<String> route) {}

    PushRelay(MediaStream stream, UrlTemplate target, PushRelays owner, DialTurns turns) {
        this.stream = stream;
        this.target = target;
        this.sinks = owner.sinks();
        this.nodeId = owner.nodeId();
        this.thread = owner.thread();
        this.turns = turns;
        this.relay = new Relay(owner.counters(), stream.key(), target.toString());
    }

    Relay relay() {
        return relay;
    }

    void start() {
        if (over) {
            return;
        }
        runningSince = 0;
        endTurn();
        Publisher publisher = stream.publisher();
        turn = turns.ask(publisher == null ? "" : publisher.peer().place(), this::dial);
        turns.serve();
    }

    private void endTurn() {
        if (turn != null) {
            turn.end();
        }
    }

    private void dial() {
        relay.connecting(target.toString());
        try {
            Call now = currentCall();
            call = now;
            StreamSink opened = sinks.open(stream.key(), now.to, now.route);
            sink = opened;
            opened.start(stream, new Events(opened));
        } catch (IllegalArgumentException e) {
            // What a publisher appended to the name can make the URL of a template invalid; that of the next publisher
            // may be valid.
            halted = true;
            endTurn();
            relay.failed(String.valueOf(e.getMessage()));
        } catch (Throwable fault) {
            Faults.contained("fault_relay", stream.key(), fault);
            endTurn();
            sink = null;
            retryAfter(new RelayEnd(RelayEnd.Kind.UNREACHABLE, "a fault of this server: " + fault));
        }
    }

    private Call currentCall() {
        Publisher publisher = stream.publisher();
        Call before = call;
        if (publisher == null && before != null) {
            return before;
        }
        List<String> route = new ArrayList<>(publisher == null ? List.of() : publisher.route());
        route.add(nodeId);
        String query = publisher == null ? "" : publisher.query();
        return new Call(target.resolve(stream.key().app(), stream.key().name(), query), route);
    }

    /**
     * A publisher has come, perhaps another one: the stream's route and the query for the target may be different now.
     */
    void published() {
        if (over || retry != null && !retry.isDone() || isAsCalled()) {
            return;
        }
        StreamSink before = sink;
        sink = null;
        if (before != null) {
            before.stop();
        }
        if (before != null || halted) {
            halted = false;
            start();
        }
    }

    private boolean isAsCalled() {
        try {
            return currentCall().equals(call);
        } catch (IllegalArgumentException e) {
            // The next start reports it.
            return false;
        }
    }

    /** The stream has ended. A running sink sends what is left and ends by itself. */
    void streamEnded() {
        if (sink == null || runningSince == 0) {
            stop("the stream ended");
        }
    }

    void stop(String reason) {
        if (over) {
            return;
        }
        over = true;
        endTurn();
        if (retry != null) {
            retry.cancel(false);
        }
        if (sink != null) {
            sink.stop();
        }
        if (!halted) {
            relay.stopped(reason);
        }
    }

    private void connected(StreamSink from) {
        if (from == sink && !over) {
            runningSince = System.nanoTime();
            endTurn();
            relay.running();
        }
    }

    private void ended(StreamSink from, RelayEnd end) {
        if (from != sink || over) {
            return;
        }
        sink = null;
        endTurn();
        boolean streamOver = stream.endReason() != null;
        switch (end.kind()) {
            case LOOP -> {
                halted = true;
                relay.loop(end.message());
            }
            case STOPPED -> stop(end.message());
            case STREAM_ENDED, UNREACHABLE, NOT_FOUND, REFUSED, STALLED -> {
                if (streamOver) {
                    stop("the stream ended");
                } else {
                    retryAfter(end);
                }
            }
        }
    }

    private void retryAfter(RelayEnd end) {
        long ran = runningSince == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - runningSince);
        long delay = backoff.after(ran);
        relay.waiting(end.message(), delay);
        retry = GuardedTask.after(delay, thread, "relay", this::start);
    }

    /** Posts the events of the sink to the relay thread. */
    private final class Events implements StreamSink.Events {
        private final StreamSink from;

        private Events(StreamSink from) {
            this.from = from;
        }

        @Override
        public void connected() {
            RelayPost.post(thread, () -> PushRelay.this.connected(from));
        }

        @Override
        public void ended(RelayEnd end) {
            RelayPost.post(thread, () -> PushRelay.this.ended(from, end));
        }
    }
}
