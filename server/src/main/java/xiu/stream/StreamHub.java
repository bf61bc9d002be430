package xiu.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import xiu.medialog.LogSettings;
import xiu.settings.Live;
import xiu.stream.AccessPolicy.Granted;
import xiu.stream.counting.HubCounters;
import xiu.stream.seam.Answers;
import xiu.stream.seam.Listeners;
import xiu.stream.seam.Uncaught;
import xiu.stream.settings.StreamLimits;
import xiu.stream.settings.StreamSettings;

/**
 * All live streams. Decides who may feed and watch them, where to find those that are not here, and how they go on
 * without a publisher. Any thread.
 */
public final class StreamHub {
    private final Live<StreamSettings> settings;
    private final AccessPolicy policy;
    private final StreamDirectory directory;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final StreamNames names = new StreamNames(this);
    private final Listeners<StreamListener> listeners = new Listeners<>(
            (listener, fault) -> Uncaught.report("a listener of the streams failed: " + listener.getClass(), fault));
    private final List<StreamLocator> locators;
    private final HubCounters counters = new HubCounters();

    /**
     * An empty hub.
     *
     * @param settings replaced ones apply from the next decision on; a stream's logs keep the limits of their beginning
     * @param directory decides who has a name, and is the first to be asked for a stream that is not here
     * @param timer runs the ends of grace periods and of time limits; its tasks never block
     */
    public StreamHub(
            Live<StreamSettings> settings,
            AccessPolicy policy,
            StreamDirectory directory,
            ScheduledExecutorService timer) {
        this(settings, policy, directory, timer, System::nanoTime);
    }

    /** An empty hub of a server without a directory. */
    public StreamHub(Live<StreamSettings> settings, AccessPolicy policy, ScheduledExecutorService timer) {
        this(settings, policy, StreamDirectory.LOCAL, timer);
    }

    /** An empty hub of a server without a directory, whose settings do not change. */
    public StreamHub(StreamSettings settings, AccessPolicy policy, ScheduledExecutorService timer) {
        this(settings, policy, timer, System::nanoTime);
    }

    StreamHub(StreamSettings settings, AccessPolicy policy, ScheduledExecutorService timer, LongSupplier nanoTime) {
        this(Live.of(settings), policy, StreamDirectory.LOCAL, timer, nanoTime);
    }

    private StreamHub(
            Live<StreamSettings> settings,
            AccessPolicy policy,
            StreamDirectory directory,
            ScheduledExecutorService timer,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.policy = policy;
        this.directory = directory;
        this.locators = new CopyOnWriteArrayList<>(List.of(directory));
        this.timer = timer;
        this.nanoTime = nanoTime;
    }

    /** Notifies {@code listener} from now on. */
    public void addListener(StreamListener listener) {
        listeners.add(listener);
    }

    /** Adds a locator, which is asked after the others for streams that nobody feeds here. */
    public void addLocator(StreamLocator locator) {
        locators.add(locator);
    }

    /** While full, no new stream may begin; live streams go on. */
    public void full(boolean isFull) {
        names.full(isFull);
    }

    /** The live stream of this name, or null. */
    public @Nullable MediaStream find(StreamKey key) {
        return names.find(key);
    }

    /** The streams that are live at the moment. */
    public Collection<MediaStream> streams() {
        return List.copyOf(names.streams());
    }

    /** Bytes of media that the logs of all live streams hold. */
    public long memory() {
        long sum = 0;
        for (MediaStream stream : names.streams()) {
            sum += stream.memory();
        }
        return sum;
    }

    /**
     * Asks the policy whether a peer may do something; no answer in time is a denial. Fails with {@link
     * StreamException}, not wrapped. A peer that leaves cancels the result, here and of the methods that follow.
     */
    public CompletableFuture<Granted> decide(AccessRequest request) {
        return counted(
                request.action(),
                names.isStopping()
                        ? CompletableFuture.failedFuture(StreamNames.stopped())
                        : policy.decide(request, timer));
    }

    /** The same answer; when it is a refusal it is counted. */
    private <T> CompletableFuture<T> counted(AccessRequest.Action action, CompletableFuture<T> answer) {
        answer.whenComplete((granted, failure) -> {
            if (failure != null && !answer.isCancelled()) {
                counters.refused(action == AccessRequest.Action.PUBLISH, reason(failure));
            }
        });
        return answer;
    }

    private static Object reason(Throwable failure) {
        return failure instanceof StreamException refused ? refused.reason() : EndReason.FAILED;
    }

    /**
     * Asks for the right to feed a stream. Fails like {@link #decide}; if it is cancelled, nothing is fed.
     *
     * @param publisher notified when its right is revoked
     */
    public CompletableFuture<Publication> publish(AccessRequest request, Publisher publisher) {
        return Answers.then(
                decide(request),
                granted -> counted(
                        request.action(),
                        Answers.asking(() -> claim(request.key(), publisher, granted))
                                .toCompletableFuture()),
                CompletableFuture::failedFuture,
                StreamHub::takeBack);
    }

    /** Asks the directory for the name, unless the publisher who has it here does not give way. */
    private CompletableFuture<Publication> claim(StreamKey key, Publisher publisher, Granted granted) {
        names.checkConflict(key, publisher, granted.proven());
        NameClaim claim = new NameClaim(key);
        var wish = new StreamDirectory.Wish(
                key, publisher.peer(), granted.proven(), settings().onConflict(), claim::lost);
        return Answers.then(
                claim.ask(directory, wish, timer),
                held -> CompletableFuture.completedFuture(names.take(held, publisher, granted)),
                CompletableFuture::failedFuture,
                StreamHub::takeBack);
    }

    /** Ends a publication whose publisher has left during the decision. */
    private static void takeBack(Publication unwanted) {
        unwanted.end(EndReason.GOODBYE);
    }

    /**
     * A stream that the server itself feeds: from a relay, a file. Throws {@link StreamException} when the name is
     * taken here. It claims nothing at the directory: the name is claimed where the stream comes from.
     */
    public Publication feed(StreamKey key, Publisher publisher) {
        return names.take(new NameClaim(key), publisher, Granted.NOTHING_SHOWN);
    }

    /** Asks for a stream to watch; waits for a source where one can be asked. Fails like {@link #decide}. */
    public CompletableFuture<MediaStream> play(AccessRequest request) {
        return Answers.then(decide(request), granted -> locate(request));
    }

    /** How long {@link #play} may take at most; a little longer than it waits for any single one that it asks. */
    public Duration patience(AccessRequest request) {
        Duration sum = Duration.ofMillis(AccessPolicy.PATIENCE_MILLIS).plusSeconds(1);
        for (StreamLocator locator : locators) {
            sum = sum.plus(locator.patience(request));
        }
        return sum;
    }

    /** The stream for somebody who may watch it; waits like {@link #play}, and fails like it. */
    public CompletableFuture<MediaStream> locate(AccessRequest request) {
        return counted(request.action(), locate(request, locators.iterator(), null));
    }

    /**
     * Asks the locators in turn.
     *
     * @param before why those asked so far had nothing; that nobody knows the stream counts least
     */
    private CompletableFuture<MediaStream> locate(
            AccessRequest request, Iterator<StreamLocator> rest, @Nullable Throwable before) {
        MediaStream live = names.find(request.key());
        if (live != null) {
            return CompletableFuture.completedFuture(live);
        }
        StreamLocator next = rest.next();
        var asked =
                Answers.within(next.patience(request).toMillis(), timer, Answers.asking(() -> next.locate(request)));
        return Answers.then(asked, CompletableFuture::completedFuture, failure -> {
            Throwable why = before == null || isUnknown(before) ? failure : before;
            return rest.hasNext() ? locate(request, rest, why) : CompletableFuture.failedFuture(why);
        });
    }

    private static boolean isUnknown(Throwable failure) {
        return failure instanceof StreamException refused && refused.reason() == StreamException.Reason.NOT_FOUND;
    }

    /** The stream has lost its publisher: ends it, or begins its grace period. Called outside all locks. */
    void unpublished(MediaStream stream, Publication by, EndReason reason) {
        long grace = settings().grace().toMillis();
        boolean accident = switch (reason) {
            case CONNECTION_LOST, TIMED_OUT, MALFORMED, FAILED -> true;
            // The directory has given the name to another server, from where viewers may go on.
            case TAKEN_OVER -> true;
            case GOODBYE, TOO_SLOW, LIMIT, STREAM_ENDED, KICKED, STOPPING -> false;
        };
        if (accident && grace > 0 && !names.isStopping()) {
            try {
                stream.inGrace(
                        by,
                        timer.schedule(() -> names.endIfDeserted(stream, by, reason), grace, TimeUnit.MILLISECONDS));
            } catch (Throwable fault) {
                Uncaught.report("stream " + stream.key() + ": no grace period could begin", fault);
                names.endIfDeserted(stream, by, reason);
            }
        } else {
            names.endIfDeserted(stream, by, reason);
        }
    }

    /** Ends all streams, publishers first, and lets no other begin. Any thread. */
    public void stop() {
        names.stop();
    }

    /** What it counts about all streams, those that have ended too. */
    public HubCounters counters() {
        return counters;
    }

    /** Notifies the listeners. */
    void emit(StreamEvent event) {
        listeners.call(StreamListener::on, event);
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
