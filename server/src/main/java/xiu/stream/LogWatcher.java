package xiu.stream;

import java.util.concurrent.TimeUnit;
import xiu.media.MediaPacket;
import xiu.media.TrackKind;
import xiu.media.WireFormat;

/**
 * Gets notified when a stream's logs have grown. Called on the publisher's thread, must not block: implementations post
 * to their own thread, with at most one wake-up pending.
 */
public interface LogWatcher {
    /** By what the logs have grown. */
    enum Growth {
        /** Nothing that must be sent: audio that can wait for the next picture. */
        PART,
        /** It is time to send: a picture, or audio that has waited long enough for one. */
        FRAME,
        /** The same, and decoding can begin here. */
        KEY_FRAME;

        /** Audio waits for the next picture to travel with, but no longer than this after the last departure, ns. */
        static final long AUDIO_WAIT = TimeUnit.MILLISECONDS.toNanos(40);

        /** By this packet, so many ns after the last departure. */
        static Growth by(MediaPacket packet, long since) {
            boolean picture = packet.track().kind() == TrackKind.VIDEO;
            if (picture && packet.keyFrame()) {
                return KEY_FRAME;
            }
            return picture || since >= AUDIO_WAIT ? FRAME : PART;
        }
    }

    /** When watchers were last notified that it is time to send. Guarded by the stream. */
    final class Departures {
        private long last;

        /** Before the first packet, which departs at once; {@code now} in ns. */
        Departures(long now) {
            last = now - Growth.AUDIO_WAIT;
        }

        /** By what a packet that comes now makes the logs grow. */
        Growth growth(MediaPacket packet, long now) {
            Growth growth = Growth.by(packet, now - last);
            last = growth == Growth.PART ? last : now;
            return growth;
        }
    }

    /** The logs have grown. */
    void onAppend(Growth growth);

    /**
     * Whether it needs each frame at once. When no watcher of a stream does, the publisher's socket may be read only
     * every 200 ms.
     */
    default boolean isEager() {
        return false;
    }

    /** The stream goes on, but not in this format, which has failed. */
    default void onBroken(WireFormat format) {}

    /**
     * Nothing more will come: the stream has ended, or this watcher has thrown ({@link EndReason#FAILED}). Called once.
     */
    void onEnd(EndReason reason);
}
