package xiu.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import xiu.media.MediaPacket;

/**
 * Lays what publishers send on one line that never breaks: publishers start anywhere, restart, jump and run backwards.
 * A healthy publisher's times pass unchanged. A break shifts all that follows, so that it goes on right after the last
 * frame; small steps back within a track are held. Audio and video are never stamped one by the other. Guarded by the
 * stream.
 */
final class Timeline {
    /** Audio and video may be this far out of order, µs. */
    private static final long REORDER = 3_000_000;
    /** How much faster than the wall clock a publisher's clock may step forward, µs. */
    private static final long LEAP = 5_000_000;
    /** What lies between the last frame before a break and the first one after it, µs. */
    private static final long STITCH = 40_000;

    private final LongSupplier nanoTime;
    private final Map<Integer, Long> lastOfTrack = new HashMap<>();
    private boolean started;
    private boolean restarting;
    private int epoch;
    private long repairs;
    private Clock now = new Clock(0, 0);
    private Clock before = new Clock(0, 0);
    private long newestOut;
    private long wall;

    /** A publisher's clock: the newest time it showed, and what to add to it, µs. */
    private static final class Clock {
        private final long shift;
        private long newest;

        private Clock(long shift, long newest) {
            this.shift = shift;
            this.newest = newest;
        }

        private boolean fits(long time, long forward) {
            return time - newest >= -REORDER && time - newest <= forward;
        }
    }

    Timeline(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Another publisher follows; its clock has nothing to do with the last one's. */
    void restart() {
        restarting = started;
    }

    /** Counts breaks and held steps. */
    long repairs() {
        return repairs;
    }

    /** The packet with its sequence, its epoch and its times on this line; consumes and returns it. */
    MediaPacket place(MediaPacket packet, long sequence) {
        long time = packet.dts();
        long nanos = nanoTime.getAsLong();
        long forward = LEAP + (nanos - wall) / 1000;
        wall = nanos;
        if (!started) {
            started = true;
            now = new Clock(0, time);
        } else if (restarting) {
            restarting = false;
            breakAt(time);
        } else if (!now.fits(time, forward)) {
            // A straggler of the clock that has just been left is no second break.
            if (before.shift != now.shift && before.fits(time, forward)) {
                return stamped(packet, sequence, before.shift);
            }
            repairs++;
            breakAt(time);
        }
        now.newest = Math.max(now.newest, time);
        return stamped(packet, sequence, now.shift);
    }

    private void breakAt(long time) {
        before = now;
        now = new Clock(newestOut + STITCH - time, time);
        epoch++;
    }

    private MediaPacket stamped(MediaPacket packet, long sequence, long shift) {
        int track = packet.track().id();
        long out = packet.dts() + shift;
        long last = lastOfTrack.getOrDefault(track, Long.MIN_VALUE);
        long held = 0;
        if (out < last) {
            held = last - out;
            repairs++;
        }
        lastOfTrack.put(track, out + held);
        newestOut = Math.max(newestOut, out + held);
        return packet.placed(new MediaPacket.Place(sequence, epoch), shift + held);
    }
}
