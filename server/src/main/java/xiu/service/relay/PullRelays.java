package xiu.service.relay;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import xiu.settings.Live;
import xiu.stream.AccessRequest;
import xiu.stream.MediaStream;
import xiu.stream.StreamEvent;
import xiu.stream.StreamException;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.StreamListener;
import xiu.stream.StreamLocator;
import xiu.stream.relay.StreamSource;
import xiu.stream.seam.Answers;
import xiu.transport.Service;
import xiu.transport.trouble.GuardedTask;

/** Static pull: a stream that a player asks for and nobody publishes here is fetched from an upstream. */
public final class PullRelays implements StreamLocator, StreamListener, Service {
    /** How long the answer "no such stream" of the upstreams is remembered, ns. */
    private static final long MEMORY = TimeUnit.SECONDS.toNanos(2);

    private static final long INSPECTION_MILLIS = 500;
    private static final int MOST_REMEMBERED = 10_000;
    /** Streams that may be sought or fetched at once. */
    private static final int MOST_PULLS = 4_096;

    /** Replaced on the relay thread. */
    private volatile List<Upstream> upstreams;

    private final StreamSource.Factory sources;
    private final StreamHub hub;
    private final String nodeId;
    private final ScheduledExecutorService thread;
    private final LongSupplier clock;
    private final Map<StreamKey, PullRelay> pulls = new ConcurrentHashMap<>();
    private final Map<StreamKey, Long> unknown = new LinkedHashMap<>();
    private final Askers askers = new Askers();
    private final LoopReport loops = new LoopReport();
    private final RelayCounters counters = new RelayCounters(Relay.Direction.PULL);
    private final AtomicBoolean inspecting = new AtomicBoolean();
    private volatile boolean stopped;

    /**
     * Asks these upstreams in this order, those that failed lately last. When they are replaced, a pull from an
     * upstream that is still configured for its stream is not touched; any other is ended as its protocol requires.
     *
     * @param thread one thread, on which all relays run
     */
    public PullRelays(
            Live<List<PullSettings>> upstreams,
            StreamSource.Factory sources,
            StreamHub hub,
            String nodeId,
            ScheduledExecutorService thread) {
        this(upstreams, sources, hub, nodeId, thread, System::nanoTime);
    }

    /** The same with a {@code clock} of ns from any beginning. */
    PullRelays(
            Live<List<PullSettings>> upstreams,
            StreamSource.Factory sources,
            StreamHub hub,
            String nodeId,
            ScheduledExecutorService thread,
            LongSupplier clock) {
        this.clock = clock;
        this.sources = sources;
        this.hub = hub;
        this.nodeId = nodeId;
        this.thread = thread;
        this.upstreams = upstreams(upstreams.now(), List.of());
        upstreams.onChange(next -> RelayPost.post(thread, () -> replaceUpstreams(next)));
    }

    private List<Upstream> upstreams(List<PullSettings> settings, List<Upstream> before) {
        return Upstream.all(settings, before, () -> new DialTurns(thread, clock));
    }

    private void replaceUpstreams(List<PullSettings> next) {
        if (!stopped) {
            upstreams = upstreams(next, upstreams);
            // A new upstream may have a stream that the others had not.
            unknown.clear();
            inspectFromNowOn();
            RelayPost.each(pulls.values(), PullRelay::upstreamsReplaced);
        }
    }

    /** Whether this upstream is configured for a stream. */
    boolean isAsked(Upstream upstream, StreamKey key) {
        return upstreams.contains(upstream) && upstream.serves(key);
    }

    /** All relays at the moment. Any thread. */
    public List<Relay> relays() {
        return pulls.values().stream().map(PullRelay::relay).toList();
    }

    /** Whether a stream is being pulled from {@code place}. Relay thread. */
    public boolean comesFrom(StreamKey key, UrlTemplate place) {
        PullRelay pull = pulls.get(key);
        Upstream from = pull == null ? null : pull.upstream();
        return from != null && from.template().sameServer(place);
    }

    @Override
    public CompletionStage<MediaStream> locate(AccessRequest missing) {
        if (stopped || upstreams.stream().noneMatch(upstream -> upstream.serves(missing.key()))) {
            return CompletableFuture.failedFuture(notFound(missing.key(), "nobody publishes it"));
        }
        CompletableFuture<MediaStream> player = new CompletableFuture<>();
        if (missing.route().contains(nodeId)) {
            loops.report(missing.key(), "here", "asked for by way of " + missing.route());
            player.completeExceptionally(notFound(missing.key(), "asked for in a circle"));
        } else {
            RelayPost.post(thread, () -> seek(missing, player));
            player.orTimeout(patience(missing.key()).toMillis(), TimeUnit.MILLISECONDS);
            // The stage of a player that leaves is cancelled, so that no upstream is asked for a stream that nobody
            // wants.
            return Answers.then(
                    player,
                    CompletableFuture::completedFuture,
                    failure -> CompletableFuture.failedFuture(
                            failure instanceof TimeoutException
                                    ? notFound(missing.key(), "no upstream answered in time")
                                    : failure));
        }
        return player;
    }

    /** Longer than {@link #locate} itself waits, so that the more precise answer of the pull comes first. */
    @Override
    public Duration patience(AccessRequest missing) {
        return patience(missing.key()).plusSeconds(5);
    }

    private static StreamException notFound(StreamKey key, String why) {
        return new StreamException(StreamException.Reason.NOT_FOUND, "stream " + key + ": " + why);
    }

    private void seek(AccessRequest missing, CompletableFuture<MediaStream> player) {
        StreamKey key = missing.key();
        MediaStream live = hub.find(key);
        Long until = unknown.get(key);
        PullRelay known = pulls.get(key);
        if (live != null) {
            player.complete(live);
        } else if (until != null && until - now() > 0) {
            player.completeExceptionally(notFound(key, "no upstream has it"));
        } else if (known != null) {
            known.await(player, missing.route());
        } else if (pulls.size() >= MOST_PULLS) {
            player.completeExceptionally(
                    new StreamException(StreamException.Reason.LIMIT, "streams being pulled: " + MOST_PULLS));
        } else {
            begin(missing, player);
        }
    }

    private void begin(AccessRequest missing, CompletableFuture<MediaStream> player) {
        Askers.Sought sought = askers.begin(missing.peer().place());
        if (sought == null) {
            player.completeExceptionally(new StreamException(
                    StreamException.Reason.LIMIT, "streams sought for one address: " + Askers.MOST_SOUGHT));
            return;
        }
        PullRelay pull = new PullRelay(this, missing, sought);
        pulls.put(missing.key(), pull);
        pull.await(player, missing.route());
        pull.start();
    }

    /** A player that waits for an upstream is served when somebody publishes the stream here meanwhile. */
    @Override
    public void on(StreamEvent event) {
        if (event instanceof StreamEvent.Published published
                && !published.publisher().isRelay()) {
            RelayPost.post(thread, () -> {
                PullRelay pull = pulls.get(published.stream().key());
                if (pull != null) {
                    pull.published(published.stream());
                }
            });
        }
    }

    void gone(PullRelay pull, boolean unknownUpstream) {
        pulls.remove(pull.key(), pull);
        if (unknownUpstream) {
            // In order of insertion, so the first to be removed is the first that expires.
            unknown.remove(pull.key());
            unknown.put(pull.key(), now() + MEMORY);
            if (unknown.size() > MOST_REMEMBERED) {
                unknown.remove(unknown.keySet().iterator().next());
            }
        }
    }

    /** The upstreams for a stream, healthy ones first. */
    List<Upstream> upstreamsFor(StreamKey key) {
        long now = now();
        List<Upstream> serving =
                upstreams.stream().filter(upstream -> upstream.serves(key)).toList();
        return Stream.concat(
                        serving.stream().filter(upstream -> !upstream.isSuspect(now)),
                        serving.stream().filter(upstream -> upstream.isSuspect(now)))
                .toList();
    }

    private Duration patience(StreamKey key) {
        return upstreams.stream()
                .filter(upstream -> upstream.serves(key))
                .map(Upstream::wait_)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    Duration linger(StreamKey key) {
        return upstreams.stream()
                .filter(upstream -> upstream.serves(key))
                .map(Upstream::linger)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    StreamSource.Factory sources() {
        return sources;
    }

    long now() {
        return clock.getAsLong();
    }

    StreamHub hub() {
        return hub;
    }

    String nodeId() {
        return nodeId;
    }

    /** What its relays count together. */
    public RelayCounters counters() {
        return counters;
    }

    LoopReport loops() {
        return loops;
    }

    ScheduledExecutorService thread() {
        return thread;
    }

    @Override
    public void start() {
        hub.addLocator(this);
        hub.addListener(this);
        inspectFromNowOn();
    }

    /** Starts the periodic inspection; a server without upstreams has none. */
    private void inspectFromNowOn() {
        if (!upstreams.isEmpty() && inspecting.compareAndSet(false, true)) {
            GuardedTask.every(INSPECTION_MILLIS, thread, "relay_pull", this::inspect);
        }
    }

    private void inspect() {
        long now = now();
        RelayPost.each(pulls.values(), pull -> pull.inspect(now));
        unknown.values().removeIf(until -> until - now < 0);
    }

    @Override
    public CompletionStage<Void> stop() {
        stopped = true;
        CompletableFuture<Void> done = new CompletableFuture<>();
        thread.execute(() -> {
            RelayPost.each(upstreams, upstream -> upstream.turns().close());
            RelayPost.each(pulls.values(), pull -> pull.stop("the server is stopping"));
            done.complete(null);
        });
        return done;
    }
}
