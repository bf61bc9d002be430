package xiu.stream;

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
import xiu.stream.seam.Answers;
import xiu.stream.seam.Listeners;
import xiu.stream.seam.Uncaught;
import xiu.stream.settings.StreamLimits;
import xiu.stream.settings.StreamSettings;

/**
 * All live streams: who may feed and watch them, who is asked for what is not here, and how they go on without a
 * publisher. Any thread.
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

    /**
     * An empty hub.
     *
     * @param settings what is replaced counts from the next decision on; a stream's logs keep to what was there when it began
     * @param directory says whose a name is, and is the first to be asked for what is not here
     * @param timer runs the ends of grace periods and of what takes too long; never for long
     */
    public StreamHub(
            Live<StreamSettings> settings,
            AccessPolicy policy,
            StreamDirectory directory,
            ScheduledExecutorService timer) {
        this(settings, policy, directory, timer, System::nanoTime);
    }

    /** An empty hub of a server that is alone. */
    public StreamHub(Live<StreamSettings> settings, AccessPolicy policy, ScheduledExecutorService timer) {
        this(settings, policy, StreamDirectory.LOCAL, timer);
    }

    /** An empty hub of a server that is alone, whose settings stay as they are. */
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

    /** Tells {@code listener} from now on. */
    public void addListener(StreamListener listener) {
        listeners.add(listener);
    }

    /** One more whom to ask for streams that nobody feeds here, after those that are there already. */
    public void addLocator(StreamLocator locator) {
        locators.add(locator);
    }

    /** While full, no new stream begins; those that live go on. */
    public void full(boolean isFull) {
        names.full(isFull);
    }

    /** The live stream of this name, or null. */
    public @Nullable MediaStream find(StreamKey key) {
        return names.find(key);
    }

    /** All live streams, as of now. */
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
     * May this peer do that? Within a time: whoever cannot answer has not said yes. Fails with {@link StreamException},
     * and with nothing around it. A peer that leaves cancels what it has asked for, here and in the methods that follow.
     */
    public CompletableFuture<Granted> decide(AccessRequest request) {
        return names.isStopping()
                ? CompletableFuture.failedFuture(StreamNames.stopped())
                : policy.decide(request, timer);
    }

    /**
     * Somebody wants to feed a stream. Fails like {@link #decide}; where it is cancelled, nothing is fed.
     *
     * @param publisher told when its right is revoked
     */
    public CompletableFuture<Publication> publish(AccessRequest request, Publisher publisher) {
        return Answers.then(
                decide(request),
                granted -> claim(request.key(), publisher, granted),
                CompletableFuture::failedFuture,
                StreamHub::takeBack);
    }

    /** Asks the directory for the name, unless the publisher who holds it here does not give way. */
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

    /** Its publisher left while this was decided. */
    private static void takeBack(Publication unwanted) {
        unwanted.end(EndReason.GOODBYE);
    }

    /**
     * The server itself feeds a stream: a relay, a file. Throws {@link StreamException} when the name is taken here. What
     * is fetched from elsewhere is no claim to the name: that is held where the stream comes from.
     */
    public Publication feed(StreamKey key, Publisher publisher) {
        return names.take(new NameClaim(key), publisher, Granted.NOTHING_SHOWN);
    }

    /** Somebody wants to watch a stream; waits for a source where one can be asked. Fails like {@link #decide}. */
    public CompletableFuture<MediaStream> play(AccessRequest request) {
        return Answers.then(decide(request), granted -> locate(request));
    }

    /** The stream for somebody who may watch it; waits like {@link #play}, and fails like it. */
    public CompletableFuture<MediaStream> locate(AccessRequest request) {
        return locate(request, locators.iterator(), null);
    }

    /** Asks one after the other; {@code before}: why those before had nothing, of which being unknown says least. */
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

    /** The stream's publisher is gone; decides how the stream goes on. Called outside all locks. */
    void unpublished(MediaStream stream, Publication by, EndReason reason) {
        long grace = settings().grace().toMillis();
        boolean accident = switch (reason) {
            case CONNECTION_LOST, TIMED_OUT, MALFORMED, FAILED -> true;
            // The directory has given the name to somebody elsewhere, from where viewers may go on.
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

    /** Ends all streams, publishers first, and lets none begin. Any thread. */
    public void stop() {
        names.stop();
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
