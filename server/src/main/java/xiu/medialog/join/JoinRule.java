package xiu.medialog.join;

import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Entry;
import xiu.media.TrackKind;

/**
 * Says with which pictures of a log readers may begin: with key frames and, where none has come for long, with recovery
 * points or, when the log has no other place to begin, with any picture. Confined to the log's writer.
 */
public final class JoinRule {
    /** A group of pictures that lasts longer than this is a long one, µs. (x264's default is 250 frames.) */
    public static final long LONG_GROUP = 10_000_000;

    /** Recovery points that follow each other faster are skipped, µs. */
    private static final long RECOVERY_STEP = 500_000;
    /** Distance of the places where readers begin with any picture, µs. */
    private static final long PICTURE_STEP = 1_000_000;

    private static final long UNKNOWN = Long.MIN_VALUE / 2;

    /** The track whose key frames count; negative while there was none. */
    private int track = -1;

    private long newestKey = UNKNOWN;
    private long newestSubstitute = UNKNOWN;
    private boolean recovers;

    /**
     * Whether a reader may begin with this packet.
     *
     * @param nowhere whether the log has no picture to begin with now
     */
    public Entry entry(MediaPacket packet, boolean nowhere) {
        if (packet.track().kind() != TrackKind.VIDEO) {
            return packet.entry();
        }
        return switch (packet.entry()) {
            case KEY_FRAME -> {
                track = packet.track().id();
                newestKey = packet.dts();
                newestSubstitute = UNKNOWN;
                yield Entry.KEY_FRAME;
            }
            case SUBSTITUTE -> {
                // Another log, or the stream at its beginning, has found this entry: there is no key frame to wait for.
                track = packet.track().id();
                newestKey = packet.dts() - LONG_GROUP;
                yield substitute(packet, packet.isRecoveryPoint());
            }
            case NONE -> inAGroup(packet, nowhere);
        };
    }

    private Entry inAGroup(MediaPacket packet, boolean nowhere) {
        if (packet.track().id() != track || packet.dts() - newestKey < LONG_GROUP || packet.isEmpty()) {
            return Entry.NONE;
        }
        long since = packet.dts() - newestSubstitute;
        if (since >= RECOVERY_STEP && packet.isRecoveryPoint()) {
            return substitute(packet, true);
        }
        boolean goesOn = newestSubstitute != UNKNOWN && !recovers && since >= PICTURE_STEP;
        return nowhere || goesOn ? substitute(packet, false) : Entry.NONE;
    }

    private Entry substitute(MediaPacket packet, boolean isRecoveryPoint) {
        newestSubstitute = packet.dts();
        recovers = isRecoveryPoint;
        return Entry.SUBSTITUTE;
    }
}
