package xiu.stream;

import xiu.media.MediaPacket;
import xiu.media.PacketOutput;
import xiu.media.Track;
import xiu.stream.seam.Uncaught;

/**
 * The exclusive right to feed one stream. Used on the publisher's thread; once it is revoked or ended, whatever is
 * still written is dropped.
 */
public final class Publication implements PacketOutput {
    private final MediaStream stream;
    private final Publisher publisher;

    Publication(MediaStream stream, Publisher publisher) {
        this.stream = stream;
        this.publisher = publisher;
    }

    /** The stream it feeds. */
    public MediaStream stream() {
        return stream;
    }

    /** Who feeds it. */
    public Publisher publisher() {
        return publisher;
    }

    /** Tells its publisher; one that throws cannot keep the stream from its next publisher, or from its end. */
    void revoke(EndReason reason) {
        try {
            publisher.onRevoked(reason);
        } catch (Throwable fault) {
            Uncaught.report("stream " + stream.key() + ": its publisher failed when it was revoked", fault);
        }
    }

    @Override
    public void configure(Track track) {
        stream.configure(this, track);
    }

    @Override
    public void write(MediaPacket packet) {
        stream.write(this, packet);
    }

    /**
     * Ends it; idempotent. {@link EndReason#GOODBYE} and all that is not an accident end the stream at once; when the
     * connection was lost, timed out or sent rubbish, viewers stay for the grace period.
     */
    public void end(EndReason reason) {
        stream.ended(this, reason);
    }
}
