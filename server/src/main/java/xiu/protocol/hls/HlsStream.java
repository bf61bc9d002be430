package xiu.protocol.hls;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.media.MediaPacket;
import xiu.media.TrackKind;
import xiu.medialog.PacketCursor;
import xiu.stream.EndReason;
import xiu.stream.LogWatcher;
import xiu.stream.MediaStream;
import xiu.transport.trouble.Faults;
import xiu.transport.trouble.GuardedTask;

/**
 * One live stream as HLS: reads its packets and keeps the window. Somebody who watches has a segment as soon as the key
 * frame is here that ends it. Confined to its executor, but for what is marked otherwise.
 */
final class HlsStream implements LogWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(HlsStream.class);
    /** Few wake-ups, and many packets at each, but seldom a burst, which delays a frame. */
    private static final long TURN_MILLIS = 750;
    /** Without pictures a segment may end at any packet, and somebody waits for it. */
    private static final long SOUND_TURN_MILLIS = 250;
    /** So many packets since the last turn, far more than usual, are read at once: the log must not overtake us. */
    private static final int BURST = 64;
    /** A turn leaves the executor to others after so many. */
    private static final int PACKETS_PER_TURN = 1_024;

    private static final long SWEEP_MILLIS = 2_000;
    /** When nothing has come for so long, viewers get what came last. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final MediaStream stream;
    private final HlsService.Parts parts;
    private final EventExecutor executor;
    private final PacketCursor cursor;
    private final HlsSegmenter segmenter;
    private final HlsAudience audience;
    private final HlsWaiters waiters = new HlsWaiters();
    private final HlsTrouble trouble;
    private final WindowWriter writer;
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicInteger appended = new AtomicInteger();
    private volatile boolean live = true;
    private volatile boolean over;
    private volatile @Nullable HlsStream previous;
    private boolean reading = true;
    private boolean pictured;
    private long skipped;
    private long lastRead;
    private @Nullable Future<?> next;
    private @Nullable Future<?> sweeping;

    /** {@code previous}: the ended stream of the same name, if it is still kept; it has the same executor. */
    HlsStream(MediaStream stream, HlsService.Parts parts, EventExecutor executor, @Nullable HlsStream previous) {
        this.stream = stream;
        this.parts = parts;
        this.executor = executor;
        this.previous = previous;
        // One record for all of it: the target duration and the window must fit each other.
        HlsSettings settings = parts.settings().now();
        this.segmenter = new HlsSegmenter(
                stream.key().toString(), settings, parts.allocator(), parts.wallMillis(), this::produced);
        this.trouble = new HlsTrouble(LOG, stream.key().toString());
        this.audience = new HlsAudience(stream, parts.nanoTime());
        this.writer = new WindowWriter(
                stream.key(), settings, parts, previous == null ? null : previous.writer, waiters::wake);
        // Last, so that a stream that cannot be made holds no packets.
        this.cursor = stream.openCursor();
    }

    /** Begins to read. Any thread. */
    void start() {
        run(() -> sweeping = GuardedTask.every(SWEEP_MILLIS, executor, "hls_sweep", this::sweep));
        stream.watch(this);
        onAppend(Growth.FRAME);
    }

    /** Which stream it is. Any thread. */
    MediaStream stream() {
        return stream;
    }

    EventExecutor executor() {
        return executor;
    }

    /** Whether segments will still come. Any thread. */
    boolean isLive() {
        return live;
    }

    /** Whether nothing will change any more. Any thread. */
    boolean isOver() {
        return over;
    }

    HlsAudience audience() {
        return audience;
    }

    HlsWaiters waiters() {
        return waiters;
    }

    /** The ended stream of the same name whose segments are still found here, if this one has none. Any thread. */
    @Nullable
    HlsStream previous() {
        return previous;
    }

    /**
     * The answers that carry the playlist; null before there is one. Those of the stream's life before, where this one
     * ended without a segment. Any thread.
     */
    @Nullable
    PlaylistReplies replies() {
        PlaylistReplies own = writer.replies();
        HlsStream before = own == null && over ? previous : null;
        return before == null ? own : before.replies();
    }

    /** A segment that is in memory, or null. Any thread. */
    @Nullable
    HlsSegment find(long number) {
        return writer.find(number);
    }

    /** Bytes of segments in memory. */
    long bytes() {
        return writer.bytes();
    }

    /** Who watches what is on disk is not known here. */
    private boolean isWatched() {
        return writer.isOnDisk() || audience.size() > 0;
    }

    @Override
    public void onAppend(Growth growth) {
        int waiting = appended.incrementAndGet();
        if (!awake.get() && awake.compareAndSet(false, true)) {
            run(this::turn);
        } else if (waiting == BURST || growth == Growth.KEY_FRAME && isWatched()) {
            run(this::catchUp);
        }
    }

    @Override
    public void onEnd(EndReason reason) {
        live = false;
        run(() -> finish(reason));
    }

    private void run(Runnable task) {
        try {
            executor.execute(new GuardedTask("hls", task));
        } catch (RejectedExecutionException stopped) {
            live = false;
        }
    }

    /** Somebody waits: what has come since the last turn is read now. Any thread. */
    void hurry() {
        run(this::catchUp);
    }

    private void turn() {
        if (next != null) {
            next.cancel(false);
        }
        // After a fault another turn follows, as after a packet.
        int read = 1;
        try {
            read = read();
        } catch (Throwable fault) {
            failed(fault);
        }
        if (read == PACKETS_PER_TURN) {
            run(this::turn);
        } else if (read > 0 || !sleeps()) {
            long pause = isWatched() && !pictured ? SOUND_TURN_MILLIS : TURN_MILLIS;
            next = GuardedTask.after(pause, executor, "hls_turn", this::turn);
        }
    }

    private boolean sleeps() {
        awake.set(false);
        // What came in between has not woken anybody.
        return appended.get() == 0 || !awake.compareAndSet(false, true);
    }

    /** Reads before its time; the next turn comes a whole pause later. */
    private void catchUp() {
        awake.set(true);
        turn();
    }

    private int read() {
        appended.set(0);
        if (!reading) {
            return 0;
        }
        int read = 0;
        pictured = false;
        segmenter.announce(stream.tracks());
        while (read < PACKETS_PER_TURN) {
            MediaPacket packet = cursor.next();
            if (packet == null) {
                break;
            }
            try {
                segment(packet);
            } catch (Throwable fault) {
                failed(fault);
            }
            read++;
        }
        lastRead = read > 0 ? parts.nanoTime().getAsLong() : lastRead;
        return read;
    }

    private void segment(MediaPacket packet) {
        if (cursor.skipped() != skipped) {
            skipped = cursor.skipped();
            segmenter.breakTimeline();
        }
        pictured |= packet.track().kind() == TrackKind.VIDEO;
        segmenter.packet(packet);
    }

    /** Memory is out, say: the segment that was being written is lost, and the next one begins with a discontinuity. */
    private void failed(Throwable fault) {
        Faults.contained("fault_hls", stream.key(), fault);
        segmenter.close();
        segmenter.breakTimeline();
    }

    private void produced(HlsSegmenter.Cut cut) {
        writer.add(cut, segmenter.target());
        previous = null;
    }

    private void sweep() {
        audience.sweep(segmenter.target());
        if (parts.nanoTime().getAsLong() - lastRead > REST_NANOS) {
            segmenter.rest();
        }
        sayTrouble();
    }

    private void sayTrouble() {
        trouble.tracks(stream.tracks());
        trouble.frames(segmenter.malformed(), skipped);
    }

    private void finish(EndReason reason) {
        if (!reading) {
            return;
        }
        step(() -> {
            while (read() > 0) {}
            segmenter.end();
        });
        reading = false;
        if (sweeping != null) {
            sweeping.cancel(false);
        }
        step(this::sayTrouble);
        step(segmenter::close);
        step(cursor::close);
        step(stream::cursorClosed);
        step(() -> writer.end(segmenter.target(), reason != EndReason.STOPPING));
        over = true;
        step(() -> audience.end(reason));
        step(waiters::wake);
        parts.onEnded().accept(this);
    }

    /** A step of the end, which goes on with the next one whatever this one throws. */
    private static void step(Runnable part) {
        new GuardedTask("hls_end", part).run();
    }

    /** Forgets the segments of the ended stream. {@code erase}: also those on disk, unless they are recordings. */
    void forget(boolean erase) {
        writer.forget(erase);
    }
}
