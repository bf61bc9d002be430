package xiu.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xiu.log.ByteChunk;
import xiu.log.ByteLog;
import xiu.log.JoinPoint;
import xiu.media.WireFormat;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Viewer;
import xiu.stream.settings.StreamLimits;

/**
 * One connection playing one stream: a place in the stream's ready bytes, moved on by writing what lies between it and
 * the end. A connection that cannot take more is left alone until it can; one that falls too far behind goes on at the
 * newest key frame; one that takes nothing for too long is ended. Confined to its channel's event loop.
 */
public final class Playback {
    /** Netty gets about this much of what a full socket did not take; the rest stays in the log, bytes. */
    private static final int HANDOVER = 32 << 10;
    /** A turn writes at most this much, so that one that catches up does not hold the others, bytes. */
    private static final int TURN = 1 << 20;

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Channel channel;
    private final MediaStream stream;
    private final WireFormat format;
    private final Listener listener;
    private final ByteLog log;
    private final @Nullable DirectSocket direct;
    private final Viewer viewer;
    private @Nullable Audience audience;
    private State state = State.NEW;
    private @Nullable ByteChunk chunk;
    private int offset;
    /** While waiting: where the next key frame must be, at the earliest. */
    private long waitFrom;

    private boolean begun;
    private long blockedAt;
    private int skips;
    private long skipsSince;
    private @Nullable EndReason ending;

    /** Where its index in the audience is kept, so that leaving needs no search. */
    int seat = -1;

    private enum State {
        NEW,
        /** Waits for a key frame. */
        WAITING,
        /** Sends whatever is new. */
        LIVE,
        /** The socket is full; Netty tells when what it holds has gone. */
        BLOCKED,
        PAUSED,
        ENDED
    }

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
        this.format = format;
        this.listener = listener;
        this.direct = DirectSocket.of(channel);
        this.viewer = stream.join(listener.peer(), reason -> channel.eventLoop().execute(() -> over(reason)));
        this.log = stream.byteLog(format);
    }

    /** How often it skipped so far. */
    public int skips() {
        return viewer.skips();
    }

    /** Begins: what was written to the channel before stays before. */
    public void start() {
        if (state != State.NEW) {
            return;
        }
        Audience joined = FanOut.of(channel.eventLoop()).audience(stream, format);
        audience = joined;
        joined.add(this);
        int gops = stream.settings().gopNum();
        begin(gops == 0 ? null : log.join(gops));
        EndReason over = stream.endReason();
        if (over != null) {
            finish(over);
        }
    }

    /** Sends nothing until {@link #resume()}. */
    public void pause() {
        if (state != State.ENDED && state != State.NEW) {
            leaveChunk();
            state = State.PAUSED;
        }
    }

    /** Goes on at the newest key frame. */
    public void resume() {
        if (state == State.PAUSED) {
            begin(log.join(1));
        }
    }

    /** Ends it without telling the listener; idempotent. */
    public void stop() {
        end(EndReason.GOODBYE);
    }

    private void begin(@Nullable JoinPoint at) {
        if (at == null) {
            waitFrom = log.end();
            state = State.WAITING;
        } else {
            enter(at);
            pump();
        }
    }

    private void enter(JoinPoint at) {
        leaveChunk();
        chunk = at.chunk();
        offset = at.offset();
        state = State.LIVE;
        byte[] first = begun ? at.resync() : at.preamble();
        begun = true;
        if (first.length > 0) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(first));
        }
    }

    private void leaveChunk() {
        ByteChunk left = chunk;
        if (left != null) {
            chunk = null;
            left.release();
        }
    }

    /** A turn: sends what is new. */
    void pump() {
        if (state == State.WAITING && log.newestMark() >= waitFrom) {
            JoinPoint at = log.joinAfter(waitFrom);
            if (at != null) {
                enter(at);
            }
        }
        if (state == State.LIVE) {
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
            case LIVE -> {
                ByteChunk here = Objects.requireNonNull(chunk);
                yield here.next() == null && offset == here.limit();
            }
            case NEW, BLOCKED, ENDED -> false;
        };
    }

    private void send() {
        int budget = TURN;
        while (state == State.LIVE && budget > 0) {
            ByteChunk here = Objects.requireNonNull(chunk);
            ByteChunk next = here.next();
            int limit = here.limit();
            int before = offset;
            if (offset < limit && !write(here, limit)) {
                return;
            }
            budget -= limit - before;
            if (next == null) {
                return;
            }
            advance(here, next);
        }
        if (state == State.LIVE && chunk != null && chunk.next() != null) {
            channel.eventLoop().execute(this::pump);
        }
    }

    private void advance(ByteChunk here, ByteChunk next) {
        if (next.tryRetain()) {
            chunk = next;
            offset = 0;
            here.release();
        } else {
            skip();
        }
    }

    /** Whether all up to {@code limit} went out; otherwise the state says what to wait for. */
    private boolean write(ByteChunk here, int limit) {
        DirectSocket socket = direct;
        if (socket != null && socket.idle()) {
            try {
                offset += socket.write(here.buffer(), offset, limit);
            } catch (IOException e) {
                over(EndReason.CONNECTION_LOST);
                return false;
            }
            if (offset == limit) {
                return true;
            }
        }
        return handOver(here, limit);
    }

    /** Lets Netty send some whole packets and tell when they have gone; true when they have gone at once. */
    private boolean handOver(ByteChunk here, int limit) {
        while (offset < limit) {
            int wish = Math.min(limit - 1, offset + (direct == null ? TURN : HANDOVER));
            int end = here.packetEnd(wish);
            ByteBuf rest = here.buffer().retainedSlice(offset, end - offset);
            offset = end;
            ChannelFuture sent = channel.writeAndFlush(rest);
            if (!sent.isDone()) {
                state = State.BLOCKED;
                blockedAt = System.nanoTime();
                sent.addListener(done -> unblocked(done.isSuccess()));
                return false;
            }
            if (!sent.isSuccess()) {
                over(EndReason.CONNECTION_LOST);
                return false;
            }
        }
        return true;
    }

    private void unblocked(boolean success) {
        if (!success) {
            over(EndReason.CONNECTION_LOST);
        } else if (state == State.BLOCKED) {
            state = State.LIVE;
            if (chunk == null || isTooFarBehind()) {
                skip();
            }
            pump();
        }
    }

    private boolean isTooFarBehind() {
        ByteChunk here = chunk;
        if (here == null) {
            return true;
        }
        StreamLimits limits = stream.settings().limits();
        return log.end() - here.base() - offset > limits.viewerBacklogBytes()
                || log.newestTime() - here.timeAt(offset)
                        > limits.viewerBacklogTime().toNanos() / 1000;
    }

    /** Goes on at the newest key frame that lies ahead, now or as soon as there is one. */
    private void skip() {
        ByteChunk here = chunk;
        JoinPoint at = log.joinAfter(here == null ? waitFrom : here.base() + offset);
        if (at == null && here != null && here.next() == null) {
            return;
        }
        viewer.skipped();
        long now = System.nanoTime();
        if (now - skipsSince > MINUTE) {
            skipsSince = now;
            skips = 0;
        }
        int most = stream.settings().limits().viewerSkips();
        if (++skips > most && most > 0) {
            over(EndReason.TOO_SLOW);
        } else if (at != null) {
            enter(at);
        } else {
            waitFrom = log.end();
            leaveChunk();
            state = State.WAITING;
        }
    }

    /** Looks after a blocked one; about once a second. */
    void inspect(long now) {
        viewer.isBehind(state == State.BLOCKED && chunk != null ? log.end() - chunk.base() - offset : 0);
        if (state != State.BLOCKED) {
            return;
        }
        if (now - blockedAt > stream.settings().limits().viewerStallTimeout().toNanos()) {
            over(EndReason.TOO_SLOW);
        } else if (chunk != null && isTooFarBehind()) {
            // It will skip anyway, so it need not keep old memory.
            waitFrom = chunk.base() + offset;
            leaveChunk();
        }
    }

    /** The stream is over; what is in the log is still sent. */
    void finish(EndReason reason) {
        ending = reason;
        pump();
    }

    private void over(EndReason reason) {
        if (state != State.ENDED) {
            end(reason);
            listener.onPlaybackEnded(reason);
        }
    }

    private void end(EndReason reason) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        leaveChunk();
        if (audience != null) {
            audience.remove(this);
        }
        viewer.leave(reason);
    }
}
