package xiu.medialog;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.TrackKind;

/**
 * Gives a stream one timeline without breaks, although publishers start at any time, restart, jump and run backwards.
 *
 * <p>The times of a healthy publisher pass unchanged, and as long as a track goes on smoothly nothing that another
 * track does changes its times, however far their clocks drift. A track that jumps gets a new clock, whose shift lets
 * it continue right after the newest frame that players show. The other tracks change to that clock when they jump,
 * too, so that they keep their distance. Small steps back within a track are held at the previous time. Guarded by the
 * stream.
 */
final class Timeline {
    /** How far behind the newest frame another track may appear, µs. */
    private static final long REORDER = 3_000_000;
    /** How much faster than the wall clock a publisher's clock may step forward, µs. */
    private static final long LEAP = 5_000_000;
    /** The same for a track whose clock another track has left: it is about to jump as well, µs. */
    private static final long FOLLOW = 1_000_000;
    /** A longer step back within a track is a jump, µs. */
    private static final long HOLD = 500_000;
    /** The time between the last frame before a jump and the first one after it, µs. */
    private static final long STITCH = 40_000;
    /** How much later than its decoding a frame may be shown to move the timeline, µs; larger values are ignored. */
    private static final long SHOWN_LATER = 1_000_000;

    private final LongSupplier nanoTime;
    private final IntObjectMap<Line> lines = new IntObjectHashMap<>();
    private @Nullable Clock now;
    private boolean started;
    private int epoch;
    private long repairs;
    private long newestOut;
    /** The latest presentation time so far, µs: after a jump nothing is shown before it. */
    private long newestShown;

    /** A publisher's clock: its newest time, when that came (ns), and what is added to its times, µs. */
    private static final class Clock {
        private final long shift;
        private final long first;
        private long newest;
        private long seenAt;

        private Clock(long shift, long newest) {
            this.shift = shift;
            this.first = newest;
            this.newest = newest;
        }

        /** Whether it ever went forward. */
        private boolean ran() {
            return newest > first;
        }

        private boolean leapsTo(long time, long leap, long nanos) {
            return time - newest > leap + (nanos - seenAt) / 1000;
        }
    }

    /** One track: the times that its publisher sends, and those that go out. */
    private static final class Line {
        /** Null until this publisher has sent something of it. */
        private @Nullable Clock clock;

        private long newest;
        private long lastOut = Long.MIN_VALUE;
    }

    Timeline(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Another publisher follows, with an unrelated clock. */
    void restart() {
        now = null;
        lines.values().forEach(line -> line.clock = null);
    }

    /** Counts jumps and held steps. */
    long repairs() {
        return repairs;
    }

    /** The packet with its sequence, its epoch and its times on the timeline; consumes and returns it. */
    MediaPacket place(MediaPacket packet, long sequence) {
        Line line = line(packet.track().id());
        long time = packet.dts();
        long shift = packet.track().kind() == TrackKind.DATA ? shiftOfData(time) : shiftOfMedia(line, time);
        long out = time + shift;
        long held = Math.max(out, line.lastOut) - out;
        repairs += held > 0 ? 1 : 0;
        line.lastOut = out + held;
        newestOut = Math.max(newestOut, out + held);
        newestShown = Math.max(newestShown, out + held + Math.clamp(packet.pts() - time, 0, SHOWN_LATER));
        return packet.placed(new MediaPacket.Position(sequence, epoch), shift + held);
    }

    /**
     * Data is no evidence of the clock, because many publishers stamp it with zero: data that does not fit gets the
     * newest time.
     */
    private long shiftOfData(long time) {
        Clock clock = now;
        boolean fits = clock != null && Math.abs(time - clock.newest) <= REORDER;
        return fits || !started ? (clock == null ? 0 : clock.shift) : newestOut - time;
    }

    private Line line(int track) {
        Line known = lines.get(track);
        if (known != null) {
            return known;
        }
        Line fresh = new Line();
        lines.put(track, fresh);
        return fresh;
    }

    private long shiftOfMedia(Line line, long time) {
        long nanos = nanoTime.getAsLong();
        Clock before = line.clock;
        Clock clock =
                before != null && goesOn(before, line.newest, time, nanos) ? before : clockFor(before, time, nanos);
        line.newest = before == clock ? Math.max(line.newest, time) : time;
        line.clock = clock;
        clock.newest = Math.max(clock.newest, time);
        clock.seenAt = nanos;
        return clock.shift;
    }

    private boolean goesOn(Clock clock, long newest, long time, long nanos) {
        long leap = clock == now ? LEAP : FOLLOW;
        return time >= newest - HOLD && !clock.leapsTo(time, leap, nanos);
    }

    /** The clock of a track that is new or has jumped: the one the others are on, or a new one. */
    private Clock clockFor(@Nullable Clock left, long time, long nanos) {
        Clock current = now;
        if (current != null
                && left != current
                && time >= current.newest - REORDER
                && !current.leapsTo(time, LEAP, nanos)) {
            return current;
        }
        long shift = 0;
        if (started) {
            shift = newestShown + STITCH - time;
            // A clock that keeps running backwards is one break, not one for each step.
            epoch += current == null || current.ran() ? 1 : 0;
            // A restart is no fault of the publisher, so no repair.
            repairs += current == null ? 0 : 1;
        }
        started = true;
        Clock fresh = new Clock(shift, time);
        now = fresh;
        return fresh;
    }
}
