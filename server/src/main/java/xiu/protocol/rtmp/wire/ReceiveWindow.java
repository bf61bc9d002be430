package xiu.protocol.rtmp.wire;

/**
 * Counts received bytes, and decides when to acknowledge them (RTMP 1.0 §5.4.3 and §5.4.4). Acknowledges at half the
 * peer's window: encoders stop sending when the window is full, and the acknowledgement takes time to arrive. Without a
 * window nothing is acknowledged.
 */
final class ReceiveWindow {
    private long received;
    private long reported;
    /** Half of the peer's window; 0 while it has announced none. */
    private int every;

    ReceiveWindow(long received) {
        this.received = received;
    }

    void add(int bytes) {
        received += bytes;
    }

    /** Bytes since the connection began. */
    long received() {
        return received;
    }

    /** Sets the peer's window, an unsigned 32-bit number. */
    void open(int bytes) {
        every = bytes >>> 1;
    }

    boolean isDue() {
        return every != 0 && received - reported >= every;
    }

    /** The value to acknowledge now: the counter on the wire has 32 bits and wraps after 4 GiB. */
    int report() {
        reported = received;
        return (int) received;
    }
}
