package xiu.service.relay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import xiu.settings.Live;
import xiu.stream.MediaStream;
import xiu.stream.Publisher;
import xiu.stream.StreamEvent;
import xiu.stream.StreamKey;
import xiu.stream.StreamListener;
import xiu.stream.relay.StreamSink;
import xiu.transport.Service;

/** Static push: every stream that lives here is forwarded to every target whose pattern selects it. */
public final class PushRelays implements StreamListener, Service {
    private final StreamSink.Factory sinks;
    private final String nodeId;
    private final ScheduledExecutorService thread;
    private final BiPredicate<StreamKey, UrlTemplate> comesFrom;
    private final Map<MediaStream, Map<PushSettings, PushRelay>> relays = new ConcurrentHashMap<>();
    /** Relay thread only, as {@code targets}. */
    private final Map<UrlTemplate, DialTurns> turns = new HashMap<>();

    private final RelayCounters counters = new RelayCounters(Relay.Direction.PUSH);
    private List<PushSettings> targets;

    private volatile boolean stopped;

    /**
     * Forwards to {@code targets}. When they are replaced, a push to a target that is still configured is not touched;
     * any other is ended as its protocol requires.
     *
     * @param thread one thread, on which all relays run
     * @param comesFrom whether a stream is pulled from this very target; it is not pushed back then
     */
    public PushRelays(
            Live<List<PushSettings>> targets,
            StreamSink.Factory sinks,
            String nodeId,
            ScheduledExecutorService thread,
            BiPredicate<StreamKey, UrlTemplate> comesFrom) {
        this.sinks = sinks;
        this.nodeId = nodeId;
        this.thread = thread;
        this.comesFrom = comesFrom;
        this.targets = enabled(targets.now());
        targets.onChange(next -> RelayPost.post(thread, () -> replaceTargets(next)));
    }

    private static List<PushSettings> enabled(List<PushSettings> targets) {
        return targets.stream().filter(PushSettings::enabled).toList();
    }

    /** All relays at the moment. Any thread. */
    public List<Relay> relays() {
        return relays.values().stream()
                .flatMap(all -> all.values().stream())
                .map(PushRelay::relay)
                .toList();
    }

    @Override
    public void on(StreamEvent event) {
        switch (event) {
            case StreamEvent.Published published -> RelayPost.post(thread, () -> published(published.stream()));
            case StreamEvent.Ended ended -> RelayPost.post(thread, () -> ended(ended.stream()));
            case StreamEvent.Created created -> {}
            case StreamEvent.Unpublished unpublished -> {}
            case StreamEvent.Joined joined -> {}
            case StreamEvent.Left left -> {}
        }
    }

    private void published(MediaStream stream) {
        if (stopped || stream.endReason() != null) {
            return;
        }
        RelayPost.each(relays.getOrDefault(stream, Map.of()).values(), PushRelay::published);
        assign(stream);
    }

    private void replaceTargets(List<PushSettings> next) {
        if (!stopped) {
            targets = enabled(next);
            turns.keySet().retainAll(targets.stream().map(PushSettings::target).toList());
            RelayPost.each(relays.keySet(), this::assign);
        }
    }

    /**
     * Gives each target that selects the stream a relay: the one that exists, or a new one. Relays of other targets
     * end.
     */
    private void assign(MediaStream stream) {
        Map<PushSettings, PushRelay> before = new LinkedHashMap<>(relays.getOrDefault(stream, Map.of()));
        Map<PushSettings, PushRelay> all = new LinkedHashMap<>();
        List<PushRelay> begun = new ArrayList<>();
        for (PushSettings target : targets) {
            if (!target.match().matches(stream.key().toString())) {
                continue;
            }
            PushRelay relay = takeOver(before, target);
            if (relay == null && !isFrom(target.target(), stream)) {
                relay = new PushRelay(stream, target.target(), this, turnsOf(target.target()));
                begun.add(relay);
            }
            if (relay != null) {
                all.put(target, relay);
            }
        }
        relays.put(stream, Collections.unmodifiableMap(all));
        RelayPost.each(before.values(), relay -> relay.stop("the target is not configured any more"));
        RelayPost.each(begun, PushRelay::start);
    }

    /**
     * The existing relay of this target, or of a target that was removed and differed only in which streams it
     * selected.
     */
    private @Nullable PushRelay takeOver(Map<PushSettings, PushRelay> before, PushSettings target) {
        PushSettings same = target;
        for (PushSettings old : before.keySet()) {
            if (!before.containsKey(target)
                    && !targets.contains(old)
                    && old.target().equals(target.target())) {
                same = old;
            }
        }
        return before.remove(same);
    }

    private DialTurns turnsOf(UrlTemplate target) {
        return turns.computeIfAbsent(target, t -> new DialTurns(thread, System::nanoTime));
    }

    /** What its relays count together. */
    public RelayCounters counters() {
        return counters;
    }

    StreamSink.Factory sinks() {
        return sinks;
    }

    String nodeId() {
        return nodeId;
    }

    ScheduledExecutorService thread() {
        return thread;
    }

    private boolean isFrom(UrlTemplate target, MediaStream stream) {
        Publisher publisher = stream.publisher();
        boolean pulled = publisher != null && publisher.peer().isRelay();
        return pulled && comesFrom.test(stream.key(), target);
    }

    private void ended(MediaStream stream) {
        Map<PushSettings, PushRelay> gone = relays.remove(stream);
        if (gone != null) {
            RelayPost.each(gone.values(), PushRelay::streamEnded);
        }
    }

    @Override
    public void start() {}

    @Override
    public CompletionStage<Void> stop() {
        stopped = true;
        CompletableFuture<Void> done = new CompletableFuture<>();
        thread.execute(() -> {
            RelayPost.each(turns.values(), DialTurns::close);
            for (Map<PushSettings, PushRelay> all : relays.values()) {
                RelayPost.each(all.values(), relay -> relay.stop("the server is stopping"));
            }
            relays.clear();
            done.complete(null);
        });
        return done;
    }
}
