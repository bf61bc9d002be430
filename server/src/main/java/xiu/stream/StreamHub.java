package xiu.stream;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import xiu.log.LogSettings;
import xiu.settings.Live;
import xiu.stream.AccessPolicy.Access;
import xiu.stream.seam.Answers;
import xiu.stream.seam.Listeners;
import xiu.stream.seam.Uncaught;
import xiu.stream.settings.StreamLimits;
import xiu.stream.settings.StreamSettings;

/**
 * All live streams: finds, creates and retires them, and decides who may feed and watch them. Any thread; the fate of
 * one stream is decided under its map entry, so two publishers of one name cannot both win.
 */
public final class StreamHub {
    private final Live<StreamSettings> settings;
    private final AccessPolicy policy;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final Map<StreamKey, MediaStream> streams = new ConcurrentHashMap<>();
    private final AtomicInteger alive = new AtomicInteger();
    private final Listeners<StreamListener> listeners = new Listeners<>(
            (listener, fault) -> Uncaught.report("a listener of the streams failed: " + listener.getClass(), fault));
    private volatile SourceResolver resolver = SourceResolver.NONE;
    private volatile boolean stopping;
    private volatile boolean full;

    /**
     * An empty hub.
     *
     * @param settings what is replaced counts from the next decision on; a stream's logs keep to what was there when it began
     * @param timer runs the ends of grace periods; never for long
     */
    public StreamHub(Live<StreamSettings> settings, AccessPolicy policy, ScheduledExecutorService timer) {
        this(settings, policy, timer, System::nanoTime);
    }

    /** An empty hub whose settings stay as they are. */
    public StreamHub(StreamSettings settings, AccessPolicy policy, ScheduledExecutorService timer) {
        this(settings, policy, timer, System::nanoTime);
    }

    StreamHub(StreamSettings settings, AccessPolicy policy, ScheduledExecutorService timer, LongSupplier nanoTime) {
        this(Live.of(settings), policy, timer, nanoTime);
    }

    private StreamHub(
            Live<StreamSettings> settings, AccessPolicy policy, ScheduledExecutorService timer, LongSupplier nanoTime) {
        this.settings = settings;
        this.policy = policy;
        this.timer = timer;
        this.nanoTime = nanoTime;
    }

    /** Tells {@code listener} from now on. */
    public void addListener(StreamListener listener) {
        listeners.add(listener);
    }

    /** Whom to ask for streams that nobody feeds here. */
    public void resolveWith(SourceResolver newResolver) {
        resolver = newResolver;
    }

    /** While full, no new stream begins; those that live go on. */
    public void full(boolean isFull) {
        full = isFull;
    }

    /** The live stream of this name, or null. */
    public @Nullable MediaStream find(StreamKey key) {
        return streams.get(key);
    }

    /** All live streams, as of now. */
    public Collection<MediaStream> streams() {
        return List.copyOf(streams.values());
    }

    /** Bytes of media that the logs of all live streams hold. */
    public long memory() {
        long sum = 0;
        for (MediaStream stream : streams.values()) {
            sum += stream.memory();
        }
        return sum;
    }

    /**
     * Somebody wants to feed a stream. Fails with {@link StreamException}, and with nothing around it.
     *
     * @param publisher told when its right is revoked
     */
    public CompletionStage<Publication> publish(AccessRequest request, Publisher publisher) {
        return Answers.bare(
                allowed(request).thenApply(access -> take(request.key(), publisher, access == Access.PROVEN)));
    }

    /** The server itself feeds a stream: a relay, a file. Throws {@link StreamException} when the name is taken. */
    public Publication feed(StreamKey key, Publisher publisher) {
        return take(key, publisher, false);
    }

    /** Somebody wants to watch a stream; waits for a source where one can be asked. Fails like {@link #publish}. */
    public CompletionStage<MediaStream> play(AccessRequest request) {
        return Answers.bare(allowed(request).thenCompose(access -> {
            MediaStream live = streams.get(request.key());
            SourceResolver asked = resolver;
            return live != null
                    ? CompletableFuture.completedFuture(live)
                    : Answers.within(asked.patience(request).toMillis(), timer, asked.resolve(request));
        }));
    }

    private CompletionStage<Access> allowed(AccessRequest request) {
        if (stopping) {
            return CompletableFuture.failedFuture(
                    new StreamException(StreamException.Reason.STOPPING, "the server is stopping"));
        }
        return CompletableFuture.completedFuture(request)
                .thenCompose(asked -> Answers.within(AccessPolicy.PATIENCE_MILLIS, timer, policy.check(asked)))
                .handle((access, failure) -> {
                    // A policy that cannot answer has not said yes.
                    if (failure != null || access == Access.DENIED) {
                        throw new StreamException(
                                StreamException.Reason.DENIED,
                                request.action() + " of " + request.key() + ": wrong or missing token");
                    }
                    return access;
                });
    }

    private Publication take(StreamKey key, Publisher publisher, boolean proven) {
        Taken taken = new Taken();
        MediaStream stream = Objects.requireNonNull(streams.compute(key, (k, live) -> {
            MediaStream chosen = live;
            if (chosen == null) {
                checkRoom();
                chosen = new MediaStream(key, this);
            } else {
                checkConflict(chosen, publisher, proven);
            }
            Publication publication = new Publication(chosen, publisher);
            taken.previous = chosen.begin(publication);
            taken.publication = publication;
            return chosen;
        }));
        Publication previous = taken.previous;
        if (previous != null) {
            previous.revoke(EndReason.TAKEN_OVER);
        }
        stream.deliverEvents();
        return Objects.requireNonNull(taken.publication);
    }

    /** What {@link #take} learns inside the map's computation. */
    private static final class Taken {
        private @Nullable Publication previous;
        private @Nullable Publication publication;
    }

    private void checkRoom() {
        if (stopping) {
            throw new StreamException(StreamException.Reason.STOPPING, "the server is stopping");
        }
        if (full) {
            throw new StreamException(StreamException.Reason.LIMIT, "memory: the server has reached limits.memory");
        }
        int most = settings().limits().streams();
        if (alive.incrementAndGet() > most) {
            alive.decrementAndGet();
            throw new StreamException(
                    StreamException.Reason.LIMIT, "streams: " + most + " live already (expected: limits.streams)");
        }
    }

    private void checkConflict(MediaStream live, Publisher newcomer, boolean proven) {
        Publisher holder = live.publisher();
        if (holder != null && !holder.yieldsTo(newcomer, proven, settings().onConflict())) {
            throw new StreamException(
                    StreamException.Reason.BUSY, "stream " + live.key() + " is published by " + holder.peer());
        }
    }

    /** The stream's publisher is gone; decides how the stream goes on. Called outside all locks. */
    void unpublished(MediaStream stream, Publication by, EndReason reason) {
        long grace = settings().grace().toMillis();
        boolean accident = switch (reason) {
            case CONNECTION_LOST, TIMED_OUT, MALFORMED, FAILED -> true;
            case GOODBYE, TAKEN_OVER, TOO_SLOW, LIMIT, STREAM_ENDED, KICKED, STOPPING -> false;
        };
        if (accident && grace > 0 && !stopping) {
            try {
                stream.inGrace(
                        by, timer.schedule(() -> endIfDeserted(stream, by, reason), grace, TimeUnit.MILLISECONDS));
            } catch (Throwable fault) {
                Uncaught.report("stream " + stream.key() + ": no grace period could begin", fault);
                endIfDeserted(stream, by, reason);
            }
        } else {
            endIfDeserted(stream, by, reason);
        }
    }

    private void endIfDeserted(MediaStream stream, Publication by, EndReason reason) {
        boolean[] ended = {false};
        streams.computeIfPresent(stream.key(), (key, live) -> {
            if (live != stream || !live.isDesertedBy(by)) {
                return live;
            }
            ended[0] = true;
            return null;
        });
        if (ended[0]) {
            alive.decrementAndGet();
            stream.finish(reason);
        }
    }

    /** Ends all streams, publishers first, and lets none begin. Any thread. */
    public void stop() {
        stopping = true;
        for (MediaStream stream : List.copyOf(streams.values())) {
            if (streams.remove(stream.key(), stream)) {
                alive.decrementAndGet();
                stream.finish(EndReason.STOPPING);
            }
        }
    }

    /** Tells the listeners. */
    void emit(StreamEvent event) {
        listeners.tell(StreamListener::on, event);
    }

    StreamSettings settings() {
        return settings.now();
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    LogSettings logSettings() {
        StreamSettings now = settings();
        StreamLimits limits = now.limits();
        return new LogSettings(
                now.gopNum(),
                limits.logBytes(),
                limits.logPackets(),
                limits.logDuration().toNanos() / 1000);
    }
}
