package xiu.stream;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.PacketOutput;
import xiu.media.Track;
import xiu.stream.seam.Uncaught;

/**
 * The exclusive right to feed one stream. Used on the publisher's thread; once it is revoked or ended, whatever is
 * still written is dropped.
 */
public final class Publication implements PacketOutput {
    /** Shortest time between two requests for a key frame, ns: more key frames would cost the encoder's bit rate. */
    private static final long KEY_FRAME_STEP = TimeUnit.SECONDS.toNanos(1);

    private static final long NEVER = Long.MIN_VALUE;

    private final MediaStream stream;
    private final Publisher publisher;
    private final AccessPolicy.Limits limits;
    private final NameClaim claim;
    private final AtomicBoolean over = new AtomicBoolean();
    /** Guarded by the stream. */
    private @Nullable Future<?> graceEnd;
    /** When the publisher was last asked for a key frame, ns. */
    private final AtomicLong asked = new AtomicLong(NEVER);

    Publication(MediaStream stream, Publisher publisher, AccessPolicy.Limits limits, NameClaim claim) {
        this.stream = stream;
        this.publisher = publisher;
        this.limits = limits;
        this.claim = claim;
    }

    /** The stream it feeds. */
    public MediaStream stream() {
        return stream;
    }

    /** The publisher. */
    public Publisher publisher() {
        return publisher;
    }

    /** The limits that its publisher was granted, besides those of the configuration. */
    public AccessPolicy.Limits limits() {
        return limits;
    }

    /** The epoch of the claim to the stream's name. */
    long epoch() {
        return claim.epoch();
    }

    /** Somebody else has the stream's name now. Any thread, outside all locks. */
    void depose() {
        if (!over.get()) {
            stream.ended(this, EndReason.TAKEN_OVER);
            revoke(EndReason.TAKEN_OVER);
        }
    }

    /**
     * Notifies its publisher, unless that has ended it itself. A publisher that throws does not keep the stream from
     * its next publisher, or from its end.
     */
    void revoke(EndReason reason) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        claim.release();
        try {
            publisher.onRevoked(reason);
        } catch (Throwable fault) {
            Uncaught.report("stream " + stream.key() + ": its publisher failed when it was revoked", fault);
        }
    }

    /** Remembers the timer for the end of the grace period that follows. Guarded by the stream. */
    void followedBy(Future<?> end) {
        graceEnd = end;
    }

    /** Cancels the grace period that follows. Guarded by the stream. */
    void cancelGrace() {
        if (graceEnd != null) {
            graceEnd.cancel(false);
        }
    }

    @Override
    public void configure(Track track) {
        stream.configure(this, track);
    }

    @Override
    public void write(MediaPacket packet) {
        if (!stream.write(this, packet)) {
            requestKeyFrame();
        }
    }

    /** Asks its publisher for a key frame, unless it was asked less than a second ago. Any thread. */
    void requestKeyFrame() {
        long nanos = stream.nanos();
        long last = asked.get();
        if (last != NEVER && nanos - last < KEY_FRAME_STEP || !asked.compareAndSet(last, nanos)) {
            return;
        }
        try {
            publisher.requestKeyFrame();
        } catch (Throwable fault) {
            Uncaught.report(
                    "stream " + stream.key() + ": its publisher failed when it was asked for a key frame", fault);
        }
    }

    /**
     * Ends it; idempotent. {@link EndReason#GOODBYE} and every other deliberate end also end the stream at once. When
     * the connection was lost, timed out or sent malformed bytes, viewers stay for the grace period.
     */
    public void end(EndReason reason) {
        over.set(true);
        stream.ended(this, reason);
        claim.release();
    }
}
