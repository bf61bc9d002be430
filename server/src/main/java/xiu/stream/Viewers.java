package xiu.stream;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xiu.stream.counting.HubCounters;
import xiu.stream.seam.EventLine;

/** The current viewers of a stream, of all protocols: a view. Any thread. */
public final class Viewers implements Iterable<Viewer> {
    private final MediaStream stream;
    private final EventLine<StreamEvent> events;
    private final HubCounters all;
    private final Map<String, Viewer> byId = new ConcurrentHashMap<>();

    /** Without viewers; {@code events} gets the viewers who come and go, {@code all} counts for all streams. */
    Viewers(MediaStream stream, EventLine<StreamEvent> events, HubCounters all) {
        this.stream = stream;
        this.events = events;
        this.all = all;
    }

    Viewer join(Peer peer, Consumer<EndReason> onKick) {
        Viewer viewer = new Viewer(stream, peer, onKick);
        byId.put(viewer.id(), viewer);
        if (!peer.isRelay()) {
            stream.counters().playerJoined();
        }
        events.post(new StreamEvent.Joined(stream, viewer));
        return viewer;
    }

    void left(Viewer viewer, EndReason reason) {
        byId.remove(viewer.id());
        if (!viewer.peer().isRelay()) {
            stream.counters().playerLeft();
        }
        events.post(new StreamEvent.Left(stream, viewer, reason));
    }

    /** Bytes were sent to a viewer of this protocol. */
    void sent(String protocol, long bytes) {
        stream.counters().sent(bytes);
        all.sentBytes().add(protocol, bytes);
    }

    /** A viewer of this protocol skipped. */
    void skipped(String protocol) {
        stream.counters().skipped();
        all.skips().increment(protocol);
    }

    /** How many viewers there are. */
    public int count() {
        return byId.size();
    }

    /** Those who have been there for the longest, longest first. */
    public List<Viewer> list(int most) {
        return byId.values().stream()
                .sorted(Comparator.comparingLong(Viewer::sinceNanos).thenComparing(Viewer::id))
                .limit(most)
                .toList();
    }

    /** The viewer with this id, or null. */
    public @Nullable Viewer find(String id) {
        return byId.get(id);
    }

    /** All viewers, in no particular order. */
    @Override
    public Iterator<Viewer> iterator() {
        return List.copyOf(byId.values()).iterator();
    }
}
