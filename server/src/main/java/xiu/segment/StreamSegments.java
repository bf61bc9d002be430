package xiu.segment;

import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.TrackKind;
import xiu.medialog.PacketCursor;
import xiu.segment.window.Segment;
import xiu.segment.window.SegmentCut;
import xiu.stream.EndReason;
import xiu.stream.LogWatcher;
import xiu.stream.MediaStream;
import xiu.transport.trouble.Faults;
import xiu.transport.trouble.GuardedTask;

/**
 * One live stream as segments: reads its packets, cuts them, and keeps what may be fetched. While a listener waits for
 * segments, one is complete as soon as the key frame that ends it has come. Confined to its executor, except where it
 * says "any thread".
 */
public final class StreamSegments implements LogWatcher {
    /**
     * Between two reads. Long, so that there are few wake-ups; not longer, because reading many packets at once would
     * delay a frame of some player.
     */
    private static final long TURN_MILLIS = 750;
    /** The same where a segment may end at any packet and somebody waits for it, or where one is about to be released. */
    private static final long SHORT_TURN_MILLIS = 250;
    /** After so many packets since the last read, more than usual, the stream is read at once, before the log evicts them. */
    private static final int BURST = 64;
    /** After so many packets a turn lets the executor do other work. */
    private static final int PACKETS_PER_TURN = 1_024;

    private static final long SWEEP_MILLIS = 2_000;
    /** When nothing has come for so long, the open segment is ended, so that viewers get what came last. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Which part of the open segment must be there before an idle stream may release the newest complete one. */
    private static final double PART_WITHOUT_NEWEST = 0.1;

    private final MediaStream stream;
    private final Demand demand;
    private final SegmentParts parts;
    private final EventExecutor executor;
    private final PacketCursor cursor;
    private final Segmenter segmenter;
    private final SegmentStore store;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicInteger appended = new AtomicInteger();
    private List<SegmentListener> listeners = List.of();
    private volatile boolean live = true;
    private boolean reading = true;
    private boolean pictured;
    private long skipped;
    private long lastRead;
    private @Nullable Future<?> next;
    private @Nullable Future<?> sweeping;

    /** {@code previous}: that of the ended stream of the same name, if it is still kept; it has the same executor. */
    public StreamSegments(
            MediaStream stream,
            SegmentSettings settings,
            SegmentParts parts,
            EventExecutor executor,
            @Nullable StreamSegments previous) {
        this.stream = stream;
        this.parts = parts;
        this.executor = executor;
        this.demand = new Demand(settings, parts);
        this.segmenter = new Segmenter(stream.key().toString(), settings, parts, this::produced);
        this.store = new SegmentStore(stream.key(), settings, parts, previous == null ? null : previous.store);
        // Last, so that a stream that cannot be made holds no packets.
        this.cursor = stream.openCursor();
    }

    /** Begins to read; the listeners are called in this order. Any thread. */
    public void start(List<SegmentListener> listeners) {
        listeners = List.copyOf(listeners);
        store.listeners(listeners);
        demand.listeners(listeners);
        run(() -> sweeping = GuardedTask.every(SWEEP_MILLIS, executor, "segments_sweep", this::sweep));
        stream.watch(this);
        onAppend(Growth.FRAME);
    }

    /** Which stream it is. Any thread. */
    public MediaStream stream() {
        return stream;
    }

    /** The executor to which it is confined. */
    public EventExecutor executor() {
        return executor;
    }

    /** Whether segments will still come. Any thread. */
    public boolean isLive() {
        return live;
    }

    /** A segment that is in memory, or null. Any thread. */
    public @Nullable Segment find(long number) {
        return store.find(number);
    }

    /**
     * A playlist that ends with this number is about to be sent, after which its segments may be asked for. Any thread.
     */
    public void show(long lastNumber) {
        store.show(lastNumber);
    }

    /** Bytes of segments in memory. Any thread. */
    public long bytes() {
        return store.bytes();
    }

    /** Frames that could not be carried. */
    public long malformed() {
        return segmenter.malformed();
    }

    /** Packets that the log lost before they were read. */
    public long skipped() {
        return skipped;
    }

    @Override
    public void onAppend(Growth growth) {
        int waiting = appended.incrementAndGet();
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            run(this::turn);
        } else if (waiting == BURST || growth == Growth.KEY_FRAME && demand.isKeyFrameUrgent()) {
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
            executor.execute(new GuardedTask("segments", task));
        } catch (RejectedExecutionException stopped) {
            live = false;
        }
    }

    /** A playlist is about to be asked for: for some time all segments that playlists list are kept. Any thread. */
    public void ask() {
        demand.ask();
    }

    /** Somebody waits: reads now what has come since the last turn. Any thread. */
    public void hurry() {
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
            trim();
        } catch (Throwable fault) {
            failed(fault);
        }
        if (read == PACKETS_PER_TURN) {
            run(this::turn);
        } else if (read > 0 || !sleeps()) {
            boolean soon = demand.isAwaited() ? !pictured : isReleasing();
            long pause = soon ? SHORT_TURN_MILLIS : TURN_MILLIS;
            next = GuardedTask.after(pause, executor, "segments_turn", this::turn);
        }
    }

    private boolean sleeps() {
        scheduled.set(false);
        // Packets that came before "scheduled" was reset have scheduled nothing.
        return appended.get() == 0 || !scheduled.compareAndSet(false, true);
    }

    /** Reads before its time; the next turn follows after a whole pause. */
    private void catchUp() {
        scheduled.set(true);
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

    /**
     * Contains a fault, such as a lack of memory: the open segment is lost, and the next one begins with a
     * discontinuity.
     */
    private void failed(Throwable fault) {
        Faults.contained("fault_segments", stream.key(), fault);
        segmenter.close();
        segmenter.breakTimeline();
    }

    private void produced(SegmentCut cut) {
        store.add(cut, segmenter.target());
    }

    /**
     * While nobody asks, segments stay only as long as there is memory for idle streams, but the newest one until a tenth
     * of the next one is there. A viewer that comes before that plays at once, a later one waits for that next one.
     */
    private void trim() {
        if (demand.isIdle(segmenter.target())) {
            store.shrink(parts.idle().share(), isReleasing() ? 1 : 0);
        }
    }

    private boolean isReleasing() {
        return demand.isIdle(segmenter.target()) && !segmenter.isOpenFor(PART_WITHOUT_NEWEST);
    }

    private void sweep() {
        if (parts.nanoTime().getAsLong() - lastRead > REST_NANOS) {
            segmenter.rest();
        }
        listeners.forEach(listener -> listener.onSweep(segmenter.target()));
        trim();
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
        step(() -> listeners.forEach(listener -> listener.onSweep(segmenter.target())));
        step(segmenter::close);
        step(cursor::close);
        step(stream::cursorClosed);
        step(() -> store.end(segmenter.target(), reason));
        demand.end();
    }

    /** A step of the end, which goes on with the next one whatever this one throws. */
    private static void step(Runnable part) {
        new GuardedTask("segments_end", part).run();
    }

    /** Releases all memory of an ended stream; returns the segments, of which listeners are not notified. */
    public List<Segment> close() {
        return store.close();
    }
}
