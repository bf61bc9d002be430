package xiu.transport;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import xiu.media.WireFormat;
import xiu.medialog.ByteChunk;
import xiu.medialog.ByteLog;
import xiu.medialog.JoinPoint;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Viewer;
import xiu.stream.settings.StreamLimits;

/**
 * One connection that plays one stream: a place in the stream's ready bytes, which moves by writing what is between it
 * and the end. A connection that cannot take more is left alone until it can; one that falls too far behind goes on at
 * the newest key frame; one that takes nothing for too long is ended. Confined to its channel's event loop.
 */
public final class Playback {
    /** A turn writes at most this much, bytes, so that a player who catches up does not delay the others. */
    private static final int TURN = 1 << 20;

    private final Channel channel;
    private final MediaStream stream;
    private final Listener listener;
    private final ByteLog log;
    private final Outlet outlet;
    private final SkipBudget budget;
    private final Viewer viewer;
    private final LogPosition place;
    private @Nullable Audience audience;
    private PlaybackState state = PlaybackState.NEW;
    private boolean begun;
    private @Nullable EndReason ending;
    /** Its index in the audience, kept so that leaving needs no search. */
    int seat = -1;

    /** The session that owns a playback. */
    public interface Listener {
        /** Who plays. */
        Peer peer();

        /**
         * The playback is over: the stream ended and all of it is sent, or it cannot go on. On the channel's event loop,
         * once, and never after {@link Playback#stop()}.
         */
        void onPlaybackEnded(EndReason reason);
    }

    /** A playback that has not begun; it counts as a viewer from here on. */
    public Playback(Channel channel, MediaStream stream, WireFormat format, Listener listener) {
        this.channel = channel;
        this.stream = stream;
        this.listener = listener;
        this.outlet = new Outlet(channel, listener.peer(), () -> ContainedTurn.drained(this));
        this.budget = new SkipBudget(listener.peer());
        this.place = LogPosition.of(stream, format);
        this.log = place.log();
        this.viewer = stream.join(listener.peer(), reason -> channel.eventLoop().execute(() -> over(reason)));
    }

    /** What it counts as; its bytes are complete once the playback has ended. */
    public Viewer viewer() {
        return viewer;
    }

    /**
     * Begins, after whatever was written to the channel before. When this throws, the session must call {@link #stop}.
     */
    public void start() {
        if (state != PlaybackState.NEW) {
            return;
        }
        Audience joined = FanOut.of(channel.eventLoop()).audience(stream, log.format());
        audience = joined;
        joined.add(this);
        int gops = stream.settings().gopNum();
        if (gops == 0) {
            await(log.end());
            pump();
        } else {
            begin(log.join(gops));
        }
        joined.finishIfOver(this, log);
    }

    /** Sends nothing until {@link #resume()}. */
    public void pause() {
        if (state != PlaybackState.ENDED && state != PlaybackState.NEW) {
            place.rest();
            state = PlaybackState.PAUSED;
        }
    }

    /** Goes on at the newest key frame, or where it stopped when there has been none since. */
    public void resume() {
        if (state == PlaybackState.PAUSED && outlet.isDraining()) {
            // A peer that takes nothing gets no more, however often it pauses and resumes.
            state = PlaybackState.BLOCKED;
        } else if (state == PlaybackState.PAUSED) {
            goOn();
        }
    }

    /** Ends it without notifying the listener; idempotent. */
    public void stop() {
        end(EndReason.GOODBYE);
    }

    private void goOn() {
        begin(begun ? place.afterRest() : log.join(1));
    }

    private void begin(@Nullable JoinPoint at) {
        if (at == null) {
            // The log has no place to begin now, so any place that it gets will do.
            await(0);
        } else {
            enter(at);
        }
        pump();
    }

    private void await(long position) {
        place.await(position);
        state = PlaybackState.WAITING;
        viewer.requestKeyFrame();
    }

    private void enter(JoinPoint at) {
        place.enter(at);
        state = PlaybackState.LIVE;
        outlet.send(begun ? at.resync() : at.preamble());
        begun = true;
    }

    /** A turn: sends what is new. */
    void pump() {
        if (state == PlaybackState.WAITING) {
            JoinPoint at = place.awaited();
            if (at != null) {
                enter(at);
            }
        }
        if (state == PlaybackState.LIVE) {
            send();
        }
        EndReason reason = ending;
        if (reason != null && hasNothingToSend()) {
            over(reason);
        }
    }

    private boolean hasNothingToSend() {
        return switch (state) {
            case WAITING, PAUSED -> true;
            case LIVE -> place.isAtTheEnd();
            case NEW, BLOCKED, ENDED -> false;
        };
    }

    private void send() {
        int left = TURN;
        while (state == PlaybackState.LIVE && left > 0) {
            ByteChunk here = place.chunk();
            // In this order: when there is a next chunk, the limit of this one is final.
            ByteChunk next = here.next();
            int limit = here.limit();
            int from = place.offset();
            if (from < limit) {
                left -= limit - from;
                place.moveTo(outlet.send(here, from, limit));
                if (!isOpen()) {
                    return;
                }
            }
            if (next == null) {
                return;
            }
            if (!place.advance(next)) {
                // The chunk was evicted with everything in it, and perhaps no key frame has come since.
                skip(place.position());
            }
        }
        if (state == PlaybackState.LIVE && !place.isAtTheEnd()) {
            channel.eventLoop().execute(() -> ContainedTurn.pump(this));
        }
    }

    /** Whether more can be sent at once. */
    private boolean isOpen() {
        if (state != PlaybackState.LIVE) {
            return false;
        }
        if (outlet.hasFailed()) {
            over(EndReason.CONNECTION_LOST);
            return false;
        }
        if (outlet.isDraining()) {
            state = PlaybackState.BLOCKED;
            return false;
        }
        return true;
    }

    void drained() {
        if (outlet.hasFailed()) {
            over(EndReason.CONNECTION_LOST);
        } else if (state == PlaybackState.BLOCKED) {
            if (place.isNone()) {
                goOn();
                return;
            }
            state = PlaybackState.LIVE;
            if (place.shouldSkip(stream.settings().limits())) {
                skip(place.position() + 1);
            }
            pump();
        }
    }

    /** Goes on at the newest key frame from {@code position} on, now or as soon as there is one. */
    private void skip(long position) {
        if (!maySkip()) {
            return;
        }
        JoinPoint at = log.joinAfter(position);
        if (at == null) {
            await(position);
        } else {
            enter(at);
        }
    }

    private boolean maySkip() {
        viewer.skipped();
        if (!budget.spend(System.nanoTime(), stream.settings().limits().viewerSkips())) {
            over(EndReason.TOO_SLOW);
        }
        return state != PlaybackState.ENDED;
    }

    /** Whether the peer still takes what it is sent, and whether it waits for a key frame; about once a second. */
    void inspect(long now) {
        StreamLimits limits = stream.settings().limits();
        viewer.progress(state == PlaybackState.BLOCKED ? place.behind() : 0, outlet.takeSentBytes());
        if (outlet.isStalled(now, limits.viewerStallTimeout())) {
            over(EndReason.TOO_SLOW);
        } else if (state == PlaybackState.BLOCKED && !place.isNone() && place.shouldSkip(limits) && maySkip()) {
            // Give the chunk back: the old memory is not needed until the socket has room.
            place.rest();
        } else if (state == PlaybackState.WAITING) {
            viewer.requestKeyFrame();
        }
    }

    /** The stream has ended; what is in the log is still sent. */
    void finish(EndReason reason) {
        ending = reason;
        if (reason == EndReason.STOPPING) {
            outlet.hurry();
            inspect(System.nanoTime());
        }
        pump();
    }

    private void over(EndReason reason) {
        if (state != PlaybackState.ENDED) {
            try {
                end(reason);
            } finally {
                ContainedTurn.notifyEnded(listener, reason, channel);
            }
        }
    }

    /** One of its turns has thrown. */
    void failed(Throwable fault) {
        ContainedTurn.report(listener, fault);
        if (state == PlaybackState.ENDED) {
            channel.close();
        } else {
            over(EndReason.FAILED);
        }
    }

    private void end(EndReason reason) {
        if (state == PlaybackState.ENDED) {
            return;
        }
        state = PlaybackState.ENDED;
        place.close();
        if (audience != null) {
            audience.remove(this);
        }
        viewer.sent(outlet.takeSentBytes());
        viewer.leave(reason);
    }
}
