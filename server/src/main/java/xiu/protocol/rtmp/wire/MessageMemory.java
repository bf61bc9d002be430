package xiu.protocol.rtmp.wire;

import java.util.concurrent.atomic.AtomicLong;
import xiu.bytes.MalformedDataException;

/**
 * The memory of the unfinished messages of all connections: each is bounded by itself, but their sum is not. When it is
 * used up, who holds much of it is closed when it wants more; a little everybody may have, so that the frames of a usual
 * encoder still come in. Any thread.
 */
public final class MessageMemory {
    /** More than a usual key frame, bytes. */
    private static final long LITTLE = 256 << 10;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    /** At most so many bytes, and a little for each connection. */
    public MessageMemory(long most) {
        this.most = most;
    }

    /** Bytes that are in use. */
    public long held() {
        return held.get();
    }

    /**
     * A connection takes more, which it gives back in any case.
     *
     * @param all what it has then
     * @throws MalformedDataException when there is none left, and it has more than a little
     */
    void take(long bytes, long all) {
        long sum = held.addAndGet(bytes);
        if (sum > most && all > LITTLE) {
            throw MalformedDataException.of("bytes of all unfinished messages", sum, "at most " + most);
        }
    }

    void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }
}
