package xiu.service.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiPredicate;
import xiu.stream.MediaStream;
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
    private final Map<MediaStream, List<PushRelay>> relays = new ConcurrentHashMap<>();
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
                .flatMap(List::stream)
                .map(PushRelay::relay)
                .toList();
    }

    @Override
    public void on(StreamEvent event) {
        switch (event) {
            case StreamEvent.Published published -> thread.execute(() -> published(published.stream()));
            case StreamEvent.Ended ended -> thread.execute(() -> ended(ended.stream()));
            case StreamEvent.Created created -> {}
            case StreamEvent.Unpublished unpublished -> {}
            case StreamEvent.Joined joined -> {}
            case StreamEvent.Left left -> {}
        }
    }

    private void published(MediaStream stream) {
        if (stopped || relays.containsKey(stream) || stream.endReason() != null) {
            return;
        }
        List<PushRelay> started = new ArrayList<>();
        for (PushSettings target : targets) {
            if (target.match().matches(stream.key().toString()) && !comesFrom.test(stream.key(), target.target())) {
                started.add(new PushRelay(stream, target.target(), sinks, nodeId, thread));
            }
        }
        if (!started.isEmpty()) {
            relays.put(stream, List.copyOf(started));
            started.forEach(PushRelay::start);
        }
    }

    private void ended(MediaStream stream) {
        List<PushRelay> gone = relays.remove(stream);
        if (gone != null) {
            gone.forEach(PushRelay::streamEnded);
        }
    }

    @Override
    public void start() {}

    @Override
    public CompletionStage<Void> stop() {
        stopped = true;
        CompletableFuture<Void> done = new CompletableFuture<>();
        thread.execute(() -> {
            relays.values().forEach(list -> list.forEach(relay -> relay.stop("the server is stopping")));
            relays.clear();
            done.complete(null);
        });
        return done;
    }
}
