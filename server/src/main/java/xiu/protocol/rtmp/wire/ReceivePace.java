package xiu.protocol.rtmp.wire;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a publisher's socket is read. Each wake-up costs far more than the bytes that it is for. While nobody
 * awaits the frames of the stream, the socket is read five times a second. Otherwise audio stays in the socket until
 * the next picture, with which it is sent to players, and a picture until it is whole. No picture is read later for
 * that.
 *
 * <p>This works for encoders that send each frame when they have it, and for pictures that are larger than the audio
 * between them. An encoder under Nagle's algorithm waits until the kernel acknowledges what it sent before, which
 * happens when that is read. So a timer reads what has come a few milliseconds after the picture is due; if too many
 * pictures are late or small, everything is read at once again, for longer each time. Confined to the channel's event
 * loop.
 */
final class ReceivePace {
    /** A stream that nobody awaits is read when so many bytes have come, or after this time (ns). */
    static final int LAZY_BYTES = 48 << 10;

    static final long LAZY = TimeUnit.MILLISECONDS.toNanos(200);

    /** How late a picture may be before the timer reads what has come, ns. */
    static final long LATE = TimeUnit.MILLISECONDS.toNanos(5);
    /** Audio stays in the socket no longer than this, ns; by then players would be sent it without a picture. */
    static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(40);
    /** After so many pictures it is decided again whether audio may wait. */
    static final int JUDGED = 32;
    /** Of these, so many may be late or small. */
    static final int MOST = 3;

    static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(10);
    static final long LAST_PAUSE = TimeUnit.MINUTES.toNanos(10);

    private static final int HEADER_BYTES = 12;

    private final EventLoop loop;
    private final IntConsumer mark;
    private final BooleanSupplier awaited;
    // Made once, because one of them is given to the loop with every picture.
    private final Runnable waking = this::wake;
    private final Runnable ringing = this::tooLate;
    private @Nullable Future<?> alarm;

    /** More bytes than the audio between two pictures, and fewer than a picture; 0 while that is not known. */
    private int enough;

    private boolean gathers;
    private long interval = LONGEST;
    private long lastPicture;
    private boolean pictureCame;
    private int pictures;
    private int small;
    private int late;
    private int largestSound;
    private long resumeAt;
    private long pause = FIRST_PAUSE;

    /**
     * A pace for one connection, which reads everything at once at first.
     *
     * @param mark sets how many bytes wake the loop
     * @param awaited whether somebody awaits each frame
     */
    ReceivePace(EventLoop loop, IntConsumer mark, BooleanSupplier awaited) {
        this.loop = loop;
        this.mark = mark;
        this.awaited = awaited;
        this.lastPicture = now();
        this.resumeAt = lastPicture;
    }

    /** A complete message has been read. */
    void message(int type, int bytes) {
        if (type == MessageType.AUDIO) {
            largestSound = Math.max(largestSound, bytes);
        } else if (type == MessageType.VIDEO) {
            pictureCame = true;
            pictures++;
            small += bytes < enough ? 1 : 0;
        }
    }

    /**
     * Everything that had come has been read.
     *
     * @param missing bytes of incomplete messages that are still to come
     */
    void read(int missing) {
        long now = now();
        boolean hurried = awaited.getAsBoolean();
        if (pictureCame) {
            pictureCame = false;
            if (hurried && !gathers) {
                // Measured only while everything is read at once: an encoder that waits for acknowledgements would look
                // slow.
                interval += (Math.clamp(now - lastPicture, 0, LONGEST) - interval) / 8;
            }
            lastPicture = now;
        }
        if (pictures >= JUDGED) {
            judge(now);
        }
        cancel();
        if (!hurried) {
            sleep(LAZY_BYTES, waking, LAZY);
        } else if (gathers) {
            int wanted = missing > 0 ? Math.min(missing, LAZY_BYTES) : enough;
            sleep(wanted, ringing, Math.max(lastPicture + interval - now, 0) + LATE);
        } else {
            mark.accept(1);
        }
    }

    private void judge(long now) {
        if (late > MOST || small > MOST) {
            gathers = false;
            resumeAt = now + pause;
            pause = Math.min(2 * pause, LAST_PAUSE);
        } else {
            // Audio waits only once its size is known.
            gathers = enough > 0 && now - resumeAt >= 0;
        }
        enough = largestSound == 0 ? 1 : 2 * (largestSound + HEADER_BYTES) + 1;
        largestSound = 0;
        pictures = 0;
        small = 0;
        late = 0;
    }

    private void sleep(int bytes, Runnable ring, long nanos) {
        mark.accept(bytes);
        alarm = loop.schedule(ring, nanos, TimeUnit.NANOSECONDS);
    }

    private void tooLate() {
        late++;
        if (late > MOST) {
            judge(now());
        }
        wake();
    }

    private void wake() {
        alarm = null;
        mark.accept(1);
    }

    /** Reads everything at once from now on. */
    void end() {
        cancel();
        mark.accept(1);
    }

    private void cancel() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private long now() {
        return loop.ticker().nanoTime();
    }
}
