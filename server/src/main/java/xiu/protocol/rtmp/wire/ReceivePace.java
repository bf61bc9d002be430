package xiu.protocol.rtmp.wire;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How soon a publisher's bytes are read. Each wake-up costs far more than the bytes it is for, so there is none without
 * a use: while nobody awaits the stream's frames a few a second do; and where somebody does, sound waits in the socket
 * for the picture it will be sent with, and a picture until it is whole. No picture is read later for it.
 *
 * <p>That holds for encoders that send when they have something, and pictures that are larger than sound. An encoder
 * under Nagle's algorithm waits until the kernel confirms what it sent before, which the kernel does when it is read. So
 * there is a time by which the picture should have come; where it does not keep to it as a rule, or is small, everything
 * is read at once again, for longer each time. Confined to the channel's event loop.
 */
final class ReceivePace {
    /** What is read of a stream that nobody awaits, bytes and ns. */
    static final int LAZY_BYTES = 48 << 10;

    static final long LAZY = TimeUnit.MILLISECONDS.toNanos(200);

    /** By so much a picture may be late, ns. */
    static final long LATE = TimeUnit.MILLISECONDS.toNanos(5);
    /** Audio is never kept longer: by then players are sent it without a picture, ns. */
    static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(40);
    /** A stream is judged by so many pictures. */
    static final int JUDGED = 32;
    /** So many of them may be late, or small. */
    static final int MOST = 3;

    static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(10);
    static final long LAST_PAUSE = TimeUnit.MINUTES.toNanos(10);

    private static final int HEADER_BYTES = 12;

    private final EventLoop loop;
    private final IntConsumer mark;
    private final BooleanSupplier awaited;
    // Made once: one of them is given to the loop with every picture.
    private final Runnable waking = this::wake;
    private final Runnable ringing = this::tooLate;
    private @Nullable Future<?> alarm;

    /** Bytes that are more than the sound between two pictures, and less than a picture; 0 while that is not known. */
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
     * A pace for one connection, which reads everything at once to begin with.
     *
     * @param mark sets how many bytes wake the loop
     * @param awaited whether somebody wants the frames as soon as they are here
     */
    ReceivePace(EventLoop loop, IntConsumer mark, BooleanSupplier awaited) {
        this.loop = loop;
        this.mark = mark;
        this.awaited = awaited;
        this.lastPicture = now();
        this.resumeAt = lastPicture;
    }

    /** A whole message has been read. */
    void message(int type, int bytes) {
        if (type == RtmpMessageCodec.AUDIO) {
            largestSound = Math.max(largestSound, bytes);
        } else if (type == RtmpMessageCodec.VIDEO) {
            pictureCame = true;
            pictures++;
            small += bytes < enough ? 1 : 0;
        }
    }

    /**
     * All that had come is read.
     *
     * @param missing bytes of messages that have begun and are not whole
     */
    void read(int missing) {
        long now = now();
        boolean hurried = awaited.getAsBoolean();
        if (pictureCame) {
            pictureCame = false;
            if (hurried && !gathers) {
                // Not while anything is waited for: an encoder that waits for us would pass for a slow one.
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
            // Not by what has not been seen yet.
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
