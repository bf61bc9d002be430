package xiu.service.relay;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xiu.stream.AccessRequest;
import xiu.stream.MediaStream;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.RelayEnd;
import xiu.stream.StreamException;
import xiu.stream.StreamKey;
import xiu.stream.StreamSource;
import xiu.stream.Viewer;

/**
 * Fetches one stream for as long as somebody waits for it or watches it, from the first upstream that has it. All
 * players share it. Confined to the relay thread.
 */
final class PullRelay {
    /** Players that may wait for one stream; one more is refused. */
    private static final int MOST_WAITERS = 10_000;

    private final RelayPull owner;
    private final AccessRequest first;
    private final List<CompletableFuture<MediaStream>> waiters = new ArrayList<>();
    private final Backoff backoff =
            new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private List<Upstream> untried = List.of();
    private @Nullable Upstream upstream;
    private @Nullable Relay relay;
    private @Nullable StreamSource source;
    private @Nullable MediaStream stream;
    private @Nullable ScheduledFuture<?> retry;
    private long runningSince;
    private long unwatchedSince;
    private boolean over;

    PullRelay(RelayPull owner, AccessRequest first) {
        this.owner = owner;
        this.first = first;
    }

    StreamKey key() {
        return first.key();
    }

    @Nullable
    Relay relay() {
        return relay;
    }

    @Nullable
    Upstream upstream() {
        return upstream;
    }

    void await(CompletableFuture<MediaStream> player) {
        if (waiters.size() >= MOST_WAITERS) {
            player.completeExceptionally(new StreamException(
                    StreamException.Reason.LIMIT, "players waiting for " + key() + ": " + MOST_WAITERS));
            return;
        }
        waiters.add(player);
    }

    void start() {
        untried = owner.upstreamsFor(key());
        next(new RelayEnd(RelayEnd.Kind.NOT_FOUND, "no upstream for " + key()));
    }

    private void next(RelayEnd lastEnd) {
        if (untried.isEmpty()) {
            exhausted(lastEnd);
            return;
        }
        Upstream chosen = untried.getFirst();
        untried = untried.subList(1, untried.size());
        upstream = chosen;
        List<String> route = new ArrayList<>(first.route());
        route.add(owner.nodeId());
        URI from = chosen.template()
                .resolve(key().app(), key().name(), first.credentials().query());
        StreamSource opened = owner.sources().open(key(), from, route);
        Relay shown = new Relay(Relay.Direction.PULL, key(), chosen.template().toString());
        relay = shown;
        source = opened;
        runningSince = 0;
        shown.connecting();
        opened.start(new Events(opened));
    }

    private void connected(StreamSource from, MediaStream fed) {
        if (from != source || over) {
            return;
        }
        runningSince = System.nanoTime();
        unwatchedSince = runningSince;
        stream = fed;
        if (upstream != null) {
            upstream.healthy();
        }
        if (relay != null) {
            relay.running();
        }
        waiters.forEach(player -> player.complete(fed));
        waiters.clear();
    }

    private void ended(StreamSource from, RelayEnd end) {
        if (from != source || over) {
            return;
        }
        source = null;
        switch (end.kind()) {
            case STOPPED, STREAM_ENDED -> stop(end.message());
            case LOOP, NOT_FOUND, REFUSED -> next(end);
            case UNREACHABLE, STALLED -> {
                if (upstream != null) {
                    upstream.failed();
                }
                // What had been running is sought where it was before it is sought elsewhere.
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
        if (!worthRetrying && stream == null) {
            notFound(end);
            return;
        }
        long ran = runningSince == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - runningSince);
        runningSince = 0;
        long delay = backoff.after(ran);
        if (relay != null) {
            relay.waiting(end.message(), delay);
        }
        retry = owner.thread().schedule(this::retry, delay, TimeUnit.MILLISECONDS);
    }

    private void retry() {
        if (over) {
            return;
        }
        if (waiters.isEmpty() && viewers() == 0) {
            stop("nobody wants it any more");
        } else {
            start();
        }
    }

    private void notFound(RelayEnd end) {
        over = true;
        if (relay != null) {
            relay.notFound(end.message());
        }
        owner.gone(this, true);
        failWaiters(new StreamException(StreamException.Reason.NOT_FOUND, "stream " + key() + ": " + end.message()));
    }

    private void failWaiters(StreamException refusal) {
        List<CompletableFuture<MediaStream>> told = List.copyOf(waiters);
        waiters.clear();
        told.forEach(player -> player.completeExceptionally(refusal));
    }

    /** Looks whether anybody still cares; about once a second. */
    void inspect(long now) {
        waiters.removeIf(CompletableFuture::isDone);
        MediaStream fed = stream;
        if (fed == null) {
            if (waiters.isEmpty()) {
                stop("nobody waits any more");
            }
            return;
        }
        if (viewers() > 0 || !waiters.isEmpty()) {
            unwatchedSince = now;
        } else if (now - unwatchedSince >= owner.linger(key()).toNanos()) {
            stop("nobody watches");
        } else if (fed.endReason() != null && source == null) {
            stop("the stream ended");
        }
    }

    private long viewers() {
        MediaStream fed = stream;
        return fed == null
                ? 0
                : fed.viewers().stream()
                        .map(Viewer::peer)
                        .filter(peer -> !peer.isRelay())
                        .count();
    }

    void stop(String reason) {
        if (over) {
            return;
        }
        over = true;
        if (retry != null) {
            retry.cancel(false);
        }
        if (source != null) {
            source.stop();
        }
        if (relay != null) {
            relay.stopped(reason);
        }
        owner.gone(this, false);
        failWaiters(new StreamException(StreamException.Reason.NOT_FOUND, "stream " + key() + ": " + reason));
    }

    /** Brings what the source tells to the relay thread. */
    private final class Events implements StreamSource.Events {
        private final StreamSource from;

        private Events(StreamSource from) {
            this.from = from;
        }

        @Override
        public Publication connected(Publisher publisher) {
            Publication publication = owner.hub().feed(key(), publisher);
            owner.thread().execute(() -> PullRelay.this.connected(from, publication.stream()));
            return publication;
        }

        @Override
        public void ended(RelayEnd end) {
            owner.thread().execute(() -> PullRelay.this.ended(from, end));
        }
    }
}
