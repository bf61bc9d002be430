package xiu.stream;

/** Whoever feeds a stream. */
public interface Publisher {
    /** Who it is. */
    Peer peer();

    /**
     * The right to feed the stream is gone (taken over, kicked, server stopping). Called once, on any thread, never
     * after the publication was closed by the publisher itself; must not block.
     */
    void onRevoked(EndReason reason);
}
