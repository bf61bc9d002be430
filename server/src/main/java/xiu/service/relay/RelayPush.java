package xiu.service.relay;

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
import xiu.stream.MediaStream;
import xiu.stream.Publisher;
import xiu.stream.StreamEvent;
import xiu.stream.StreamKey;
import xiu.stream.StreamListener;
import xiu.stream.StreamSink;
import xiu.transport.Service;

/** Static push: every stream that lives here is forwarded to every target whose pattern selects it. */
public final class RelayPush implements StreamListener, Service {
    private final List<PushSettings> targets;
    private final StreamSink.Factory sinks;
    private final String nodeId;
    private final ScheduledExecutorService thread;
    private final BiPredicate<StreamKey, UrlTemplate> comesFrom;
    private final Map<MediaStream, Map<PushSettings, PushRelay>> relays = new ConcurrentHashMap<>();
    /** Relay thread. */
    private final Map<PushSettings, DialTurns> turns = new HashMap<>();

    private volatile boolean stopped;

    /**
     * Forwards to {@code targets}.
     *
     * @param thread one thread, on which all relays live
     * @param comesFrom whether a stream is pulled from this very target; it then is not pushed back
     */
    public RelayPush(
            List<PushSettings> targets,
            StreamSink.Factory sinks,
            String nodeId,
            ScheduledExecutorService thread,
            BiPredicate<StreamKey, UrlTemplate> comesFrom) {
        this.targets = targets.stream().filter(PushSettings::enabled).toList();
        this.sinks = sinks;
        this.nodeId = nodeId;
        this.thread = thread;
        this.comesFrom = comesFrom;
    }

    /** All relays of now. Any thread. */
    public List<Relay> relays() {
        return relays.values().stream()
                .flatMap(all -> all.values().stream())
                .map(PushRelay::relay)
                .toList();
    }

    @Override
    public void on(StreamEvent event) {
        switch (event) {
            case StreamEvent.Published published -> RelayPost.tell(thread, () -> published(published.stream()));
            case StreamEvent.Ended ended -> RelayPost.tell(thread, () -> ended(ended.stream()));
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
        Map<PushSettings, PushRelay> known = relays.getOrDefault(stream, Map.of());
        Map<PushSettings, PushRelay> all = new LinkedHashMap<>(known);
        for (PushSettings target : targets) {
            if (target.match().matches(stream.key().toString()) && !isFrom(target.target(), stream)) {
                all.computeIfAbsent(target, t -> new PushRelay(stream, t.target(), this, turnsOf(t)));
            }
        }
        relays.put(stream, Collections.unmodifiableMap(all));
        RelayPost.each(known.values(), PushRelay::published);
        RelayPost.each(all.entrySet(), entry -> {
            if (!known.containsKey(entry.getKey())) {
                entry.getValue().start();
            }
        });
    }

    private DialTurns turnsOf(PushSettings target) {
        return turns.computeIfAbsent(target, t -> new DialTurns(thread, System::nanoTime));
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
