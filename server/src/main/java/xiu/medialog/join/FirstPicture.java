package xiu.medialog.join;

import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.TrackKind;

/**
 * Holds back what a new publisher sends before a picture that a decoder can begin with. Some send no key frame for
 * minutes: a relay that joined between two of them, an encoder that refreshes its pictures gradually. A recovery point
 * is enough as well, and after {@link JoinRule#LONG_GROUP} any picture. Guarded by the stream.
 */
public final class FirstPicture {
    private static final long UNKNOWN = Long.MIN_VALUE;

    private boolean awaited;
    private long firstTime;
    private long firstNanos;

    /** Another publisher follows. */
    public void await() {
        awaited = true;
        firstTime = UNKNOWN;
    }

    /**
     * The packet, or null when it is held back, and released.
     *
     * @param packet consumed
     * @param nanos a monotonic clock, because the publisher's own may stand still
     */
    public @Nullable MediaPacket admit(MediaPacket packet, long nanos) {
        if (!awaited || packet.track().kind() != TrackKind.VIDEO) {
            return packet;
        }
        if (firstTime == UNKNOWN) {
            firstTime = packet.dts();
            firstNanos = nanos;
        }
        if (packet.keyFrame()) {
            awaited = false;
            return packet;
        }
        if (packet.isRecoveryPoint() || !packet.isEmpty() && isLate(packet.dts(), nanos)) {
            awaited = false;
            return packet.asSubstitute();
        }
        packet.release();
        return null;
    }

    private boolean isLate(long time, long nanos) {
        return Math.abs(time - firstTime) >= JoinRule.LONG_GROUP || (nanos - firstNanos) / 1000 >= JoinRule.LONG_GROUP;
    }
}
