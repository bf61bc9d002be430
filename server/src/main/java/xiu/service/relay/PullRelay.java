package xiu.service.relay;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xiu.stream.AccessRequest;
import xiu.stream.MediaStream;
import xiu.stream.StreamException;
import xiu.stream.StreamKey;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSource;
import xiu.transport.trouble.Faults;
import xiu.transport.trouble.GuardedTask;

/**
 * Fetches one stream for as long as somebody waits for it or watches it, from the first upstream that has it. All
 * players share it. Confined to the relay thread.
 */
final class PullRelay {
    private final PullRelays owner;
    private final AccessRequest first;
    private final Askers.Sought sought;
    private final Waiters waiters = new Waiters();
    private final Relay relay;
    private final Backoff backoff =
            new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private List<Upstream> untried = List.of();
    private @Nullable Upstream upstream;
    private @Nullable RelayEnd refusal;
    private @Nullable String farNode;
    private DialTurns.@Nullable Turn turn;
    private @Nullable StreamSource source;
    private @Nullable MediaStream stream;
    private @Nullable Future<?> retry;
    private long runningSince;
    private long unwatchedSince;
    private boolean over;

    PullRelay(PullRelays owner, AccessRequest first, Askers.Sought sought) {
        this.owner = owner;
        this.sought = sought;
        this.first = first;
        this.relay = new Relay(owner.counters(), first.key(), "");
    }

    StreamKey key() {
        return first.key();
    }

    Relay relay() {
        return relay;
    }

    @Nullable
    Upstream upstream() {
        return upstream;
    }

    void await(CompletableFuture<MediaStream> player, List<String> route) {
        waiters.add(player, route);
        refuseCircle();
    }

    /** The far side asks this server for the stream that it is asked for: neither would ever answer. */
    private void refuseCircle() {
        String far = farNode;
        if (far != null && stream == null && waiters.refuseBy(far, notFound("asked for in a circle"))) {
            owner.loops().report(key(), relay.remote(), "node " + far + " asks for what it is asked for");
        }
    }

    private StreamException notFound(String why) {
        return new StreamException(StreamException.Reason.NOT_FOUND, "stream " + key() + ": " + why);
    }

    void reached(StreamSource from, String nodeId) {
        if (from == source && !over) {
            farNode = nodeId;
            refuseCircle();
        }
    }

    void start() {
        untried = owner.upstreamsFor(key());
        refusal = null;
        next(new RelayEnd(RelayEnd.Kind.NOT_FOUND, "no upstream for " + key()));
    }

    private void next(RelayEnd lastEnd) {
        if (untried.isEmpty()) {
            // The answer of one upstream says more than the failure to reach another.
            exhausted(refusal == null ? lastEnd : refusal);
            return;
        }
        Upstream chosen = untried.getFirst();
        untried = untried.subList(1, untried.size());
        upstream = chosen;
        farNode = null;
        runningSince = 0;
        // While players watch, the dial must not wait behind those for streams that were never found.
        Object asker = stream == null ? sought.asker() : this;
        turn = chosen.turns().ask(asker, () -> dial(chosen));
        chosen.turns().serve();
    }

    private void dial(Upstream chosen) {
        relay.connecting(chosen.template().toString());
        try {
            StreamSource opened = open(chosen);
            source = opened;
            opened.start(new PullEvents(owner, this, opened));
        } catch (IllegalArgumentException e) {
            // What a player appended to the name can make the URL of a template invalid.
            endTurn();
            refused(new RelayEnd(RelayEnd.Kind.REFUSED, String.valueOf(e.getMessage())));
        } catch (Throwable fault) {
            Faults.contained("fault_relay", key(), fault);
            endTurn();
            source = null;
            next(new RelayEnd(RelayEnd.Kind.UNREACHABLE, "a fault of this server: " + fault));
        }
    }

    private void endTurn() {
        if (turn != null) {
            turn.end();
        }
    }

    private StreamSource open(Upstream chosen) {
        List<String> route = new ArrayList<>(first.route());
        route.add(owner.nodeId());
        URI from = chosen.template()
                .resolve(key().app(), key().name(), first.credentials().query());
        return owner.sources().open(key(), from, route);
    }

    private void refused(RelayEnd end) {
        refusal = end;
        next(end);
    }

    /** The stream is published here now, and is not sought elsewhere any more. */
    void published(MediaStream here) {
        waiters.serve(here);
        if (stream == null) {
            stop("published here");
        }
    }

    void connected(StreamSource from, MediaStream fed) {
        if (from != source || over) {
            return;
        }
        runningSince = owner.now();
        unwatchedSince = runningSince;
        stream = fed;
        endTurn();
        sought.end();
        if (upstream != null) {
            upstream.healthy();
        }
        relay.running();
        waiters.serve(fed);
    }

    void ended(StreamSource from, RelayEnd end) {
        if (from != source || over) {
            return;
        }
        source = null;
        endTurn();
        switch (end.kind()) {
            case STOPPED, STREAM_ENDED -> stop(end.message());
            case LOOP -> {
                owner.loops().report(key(), relay.remote(), end.message());
                refused(end);
            }
            case NOT_FOUND, REFUSED -> refused(end);
            case UNREACHABLE, STALLED -> {
                if (upstream != null) {
                    upstream.failed(end.message(), owner.now());
                }
                // A stream that was running is sought again soon, at the other upstreams first, because this one failed
                // just now.
                if (runningSince == 0) {
                    next(end);
                } else {
                    exhausted(end);
                }
            }
        }
    }

    private void exhausted(RelayEnd end) {
        boolean worthRetrying = end.kind() == RelayEnd.Kind.UNREACHABLE || end.kind() == RelayEnd.Kind.STALLED;
        if (!worthRetrying && (stream == null || stream.endReason() != null)) {
            giveUp(end);
            return;
        }
        long ran = runningSince == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(owner.now() - runningSince);
        runningSince = 0;
        long delay = backoff.after(ran);
        relay.waiting(end.message(), delay);
        retry = GuardedTask.after(delay, owner.thread(), "relay", this::retry);
    }

    private void retry() {
        if (over) {
            return;
        }
        if (waiters.isEmpty() && !isWatched()) {
            stop("nobody wants it any more");
        } else {
            start();
        }
    }

    private void giveUp(RelayEnd end) {
        over = true;
        sought.end();
        relay.notFound(end.message());
        owner.gone(this, true);
        waiters.refuse(notFound(end.message()));
    }

    /**
     * Goes on if its upstream is still configured for this stream; otherwise it ends, or asks the upstreams that are.
     */
    void upstreamsReplaced() {
        Upstream asked = upstream;
        untried = untried.stream().filter(one -> owner.isAsked(one, key())).toList();
        if (over || asked == null || owner.isAsked(asked, key())) {
            return;
        }
        StreamSource before = source;
        if (stream == null) {
            source = null;
            endTurn();
            if (before != null) {
                before.stop();
            }
            if (retry != null) {
                retry.cancel(false);
            }
            start();
        } else if (before != null) {
            stop("the upstream is not configured any more");
        }
    }

    /** Ends it when no player waits or watches any more; about once a second. */
    void inspect(long now) {
        MediaStream fed = stream;
        if (fed == null) {
            if (waiters.isEmpty()) {
                stop("nobody waits any more");
            }
            return;
        }
        if (isWatched() || !waiters.isEmpty()) {
            unwatchedSince = now;
        } else if (now - unwatchedSince >= owner.linger(key()).toNanos()) {
            stop("nobody watches");
        } else if (fed.endReason() != null && source == null) {
            stop("the stream ended");
        }
    }

    private boolean isWatched() {
        MediaStream fed = stream;
        return fed != null && fed.counters().players() > 0;
    }

    void stop(String reason) {
        if (over) {
            return;
        }
        over = true;
        endTurn();
        sought.end();
        if (retry != null) {
            retry.cancel(false);
        }
        if (source != null) {
            source.stop();
        }
        relay.stopped(reason);
        owner.gone(this, false);
        waiters.refuse(notFound(reason));
    }
}
