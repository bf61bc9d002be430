package xiu.stream;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A viewer's hold on a stream: while there is one, the stream's logs stay, and a pull goes on. Any thread. */
public final class Viewer {
    private final MediaStream stream;
    private final Peer peer;
    private final Consumer<EndReason> onKick;
    private final AtomicBoolean left = new AtomicBoolean();
    private final AtomicInteger skips = new AtomicInteger();
    private volatile long behind;

    Viewer(MediaStream stream, Peer peer, Consumer<EndReason> onKick) {
        this.stream = stream;
        this.peer = peer;
        this.onKick = onKick;
    }

    /** The stream that it watches. */
    public MediaStream stream() {
        return stream;
    }

    /** The peer that watches. */
    public Peer peer() {
        return peer;
    }

    /** How often it was too slow and skipped to a newer key frame. */
    public int skips() {
        return skips.get();
    }

    /** Bytes between it and the end of its log when its socket was last seen full; 0 while it keeps up. */
    public long behind() {
        return behind;
    }

    /** Sets how far it is behind; its event loop only. */
    public void isBehind(long bytes) {
        if (behind != bytes) {
            behind = bytes;
        }
    }

    /** It waits for a key frame; the publisher is asked for one, at most once a second. Any thread. */
    public void requestKeyFrame() {
        Publication feeding = stream.publication();
        if (feeding != null) {
            feeding.requestKeyFrame();
        }
    }

    /** Counts a skip. */
    public void skipped() {
        skips.incrementAndGet();
        stream.counters().skipped();
    }

    /** Asks its session to end it; the session then calls {@link #leave}. */
    public void kick(EndReason reason) {
        onKick.accept(reason);
    }

    /** It has left; idempotent. */
    public void leave(EndReason reason) {
        if (left.compareAndSet(false, true)) {
            stream.left(this, reason);
        }
    }
}
