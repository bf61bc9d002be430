package xiu.protocol.rtmp.wire;

/**
 * What has been received, and when the peer wants an acknowledgement of it (RTMP 1.0 §5.4.3 and §5.4.4). Reports at half the peer's
 * window: encoders stop at a full one, and the report takes its time. Without a window nothing is ever reported.
 */
final class ReceiveWindow {
    private long received;
    private long reported;
    /** Half of what the peer wants acknowledged at a time; 0 while it has asked for nothing. */
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

    /** The peer's window, 32 bits without a sign. */
    void open(int bytes) {
        every = bytes >>> 1;
    }

    boolean isDue() {
        return every != 0 && received - reported >= every;
    }

    /** What to report now: the counter on the wire is 32 bits wide and wraps after 4 GiB. */
    int report() {
        reported = received;
        return (int) received;
    }
}
