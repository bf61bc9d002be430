package xiu.stream;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A viewer of a stream, of any protocol: a connection, or, where a protocol has none, a session that keeps asking.
 * While there is one, the stream's logs stay, and a pull goes on. Any thread.
 */
public final class Viewer {
    /** 80 bits: an id cannot be found by trying, and no two are the same. */
    private static final int ID_LETTERS = 16;

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String id = randomId();
    private final MediaStream stream;
    private final Peer peer;
    private final Consumer<EndReason> onKick;
    private final long since = System.currentTimeMillis();
    private final long sinceNanos;
    private final AtomicBoolean left = new AtomicBoolean();
    private final AtomicInteger skips = new AtomicInteger();
    private final AtomicLong sentBytes = new AtomicLong();
    private volatile long behind;

    Viewer(MediaStream stream, Peer peer, Consumer<EndReason> onKick) {
        this.stream = stream;
        this.peer = peer;
        this.onKick = onKick;
        this.sinceNanos = stream.nanos();
    }

    private static String randomId() {
        byte[] random = new byte[ID_LETTERS];
        RANDOM.nextBytes(random);
        StringBuilder id = new StringBuilder(ID_LETTERS);
        for (byte bits : random) {
            id.append(LETTERS.charAt(bits & LETTERS.length() - 1));
        }
        return id.toString();
    }

    /** Its id, for those who list viewers or end them; cannot be guessed. */
    public String id() {
        return id;
    }

    /** The stream that it watches. */
    public MediaStream stream() {
        return stream;
    }

    /** The peer: its protocol, its address, its program, and the session in the log lines about it. */
    public Peer peer() {
        return peer;
    }

    /** When it came. */
    public Instant since() {
        return Instant.ofEpochMilli(since);
    }

    /** When it came, ns of the hub's clock. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** How long it has watched, ns. */
    public long watchedNanos() {
        return stream.nanos() - sinceNanos;
    }

    /** Bytes that were sent to it, up to a second behind. */
    public long sentBytes() {
        return sentBytes.get();
    }

    /** Adds bytes that were sent to it; called about once a second, or for each answer. */
    public void sent(long bytes) {
        if (bytes > 0) {
            sentBytes.addAndGet(bytes);
            stream.viewers().sent(peer.protocol(), bytes);
        }
    }

    /** How often it was too slow and skipped to a newer key frame. */
    public int skips() {
        return skips.get();
    }

    /** Bytes between it and the end of its log when its socket was last seen full; 0 while it keeps up. */
    public long behind() {
        return behind;
    }

    /**
     * Its progress, about once a second: bytes that it is behind, and bytes that were sent since the last call. Its
     * event loop only.
     */
    public void progress(long bytesBehind, long bytesSent) {
        if (behind != bytesBehind) {
            behind = bytesBehind;
        }
        sent(bytesSent);
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
        stream.viewers().skipped(peer.protocol());
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
