package xiu.stream;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import xiu.stream.AccessPolicy.Granted;

/**
 * The streams of this server by name, and who feeds them. Any thread. Everything about one name is decided under its
 * map entry, so two publishers of one name cannot both win.
 */
final class StreamNames {
    private final StreamHub hub;
    private final Map<StreamKey, MediaStream> streams = new ConcurrentHashMap<>();
    private final AtomicInteger alive = new AtomicInteger();
    private volatile boolean stopping;
    private volatile boolean full;

    StreamNames(StreamHub hub) {
        this.hub = hub;
    }

    @Nullable
    MediaStream find(StreamKey key) {
        return streams.get(key);
    }

    /** All live streams: a view. */
    Collection<MediaStream> streams() {
        return streams.values();
    }

    /** While full, no new stream may begin. */
    void full(boolean isFull) {
        full = isFull;
    }

    boolean isStopping() {
        return stopping;
    }

    /**
     * Makes a publisher the one that feeds a stream, which begins when there is none of this name. Throws {@link
     * StreamException}, and releases the claim before that.
     */
    Publication take(NameClaim claim, Publisher publisher, Granted granted) {
        Taken taken = new Taken();
        MediaStream stream;
        try {
            stream = Objects.requireNonNull(streams.compute(claim.key(), (key, live) -> {
                claim.check(live == null ? null : live.publication());
                MediaStream chosen = live;
                if (chosen == null) {
                    checkRoom();
                    chosen = new MediaStream(key, hub);
                } else {
                    checkConflict(chosen, publisher, granted.proven());
                }
                Publication publication = new Publication(chosen, publisher, granted.limits(), claim);
                taken.previous = chosen.begin(publication);
                taken.publication = publication;
                return chosen;
            }));
        } catch (Throwable refused) {
            claim.release();
            throw refused;
        }
        Publication previous = taken.previous;
        if (previous != null) {
            previous.revoke(EndReason.TAKEN_OVER);
        }
        stream.deliverEvents();
        Publication publication = Objects.requireNonNull(taken.publication);
        claim.begin(publication);
        return publication;
    }

    /** The result of the map's computation in {@link #take}. */
    private static final class Taken {
        private @Nullable Publication previous;
        private @Nullable Publication publication;
    }

    private void checkRoom() {
        if (stopping) {
            throw stopped();
        }
        if (full) {
            throw new StreamException(StreamException.Reason.LIMIT, "memory: the server has reached limits.memory");
        }
        int most = hub.settings().limits().streams();
        if (alive.incrementAndGet() > most) {
            alive.decrementAndGet();
            throw new StreamException(
                    StreamException.Reason.LIMIT, "streams: " + most + " live already (expected: limits.streams)");
        }
    }

    /** Throws {@link StreamException} when the current publisher of the stream does not give way. */
    void checkConflict(StreamKey key, Publisher newcomer, boolean proven) {
        MediaStream live = streams.get(key);
        if (live != null) {
            checkConflict(live, newcomer, proven);
        }
    }

    private void checkConflict(MediaStream live, Publisher newcomer, boolean proven) {
        Publisher holder = live.publisher();
        if (holder != null && !holder.yieldsTo(newcomer, proven, hub.settings().onConflict())) {
            throw new StreamException(
                    StreamException.Reason.BUSY, "stream " + live.key() + " is published by " + holder.peer());
        }
    }

    /** Ends a stream that nobody has fed since this publication ended. */
    void endIfDeserted(MediaStream stream, Publication by, EndReason reason) {
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

    /** Ends all streams, publishers first, and lets no other begin. */
    void stop() {
        stopping = true;
        for (MediaStream stream : List.copyOf(streams.values())) {
            if (streams.remove(stream.key(), stream)) {
                alive.decrementAndGet();
                stream.finish(EndReason.STOPPING);
            }
        }
    }

    static StreamException stopped() {
        return new StreamException(StreamException.Reason.STOPPING, "the server is stopping");
    }
}
