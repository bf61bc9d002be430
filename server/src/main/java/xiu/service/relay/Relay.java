package xiu.service.relay;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.stream.StreamKey;

/**
 * One stream carried one way, as operators see it. Changed by its owner on the relay thread, read by any thread; every
 * change is one line in the log.
 */
public final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final Direction direction;
    private final StreamKey key;
    private final String remote;
    private final AtomicLong attempts = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private volatile Status status = new Status(State.IDLE, "", 0);

    /** Which way. */
    public enum Direction {
        /** From elsewhere to here. */
        PULL,
        /** From here to elsewhere. */
        PUSH
    }

    /** How a relay stands. */
    public enum State {
        /** Has not begun. */
        IDLE,
        CONNECTING,
        RUNNING,
        /** Waits to try again. */
        WAITING,
        /** Will not try again. */
        STOPPED
    }

    /**
     * A relay at a moment.
     *
     * @param state how it stands
     * @param lastError why it is not running, or why it last was not; empty when that never happened
     * @param since when it came to this state, ms since the epoch
     */
    public record Status(State state, String lastError, long since) {}

    /**
     * A relay that has not begun.
     *
     * @param remote the far end, without secrets
     */
    Relay(Direction direction, StreamKey key, String remote) {
        this.direction = direction;
        this.key = key;
        this.remote = remote;
    }

    /** Which way it carries. */
    public Direction direction() {
        return direction;
    }

    /** What it carries. */
    public StreamKey key() {
        return key;
    }

    /** The far end, without secrets. */
    public String remote() {
        return remote;
    }

    /** How it stands. */
    public Status status() {
        return status;
    }

    /** How often it has tried to connect. */
    public long attempts() {
        return attempts.get();
    }

    /** How often it came to run. */
    public long runs() {
        return runs.get();
    }

    void connecting() {
        attempts.incrementAndGet();
        change(State.CONNECTING, status.lastError());
        LOG.debug("relay connecting direction={} stream={} remote={}", direction, key, remote);
    }

    void running() {
        runs.incrementAndGet();
        change(State.RUNNING, status.lastError());
        LOG.info("relay running direction={} stream={} remote={} attempts={}", direction, key, remote, attempts);
    }

    void waiting(String error, long retryIn) {
        change(State.WAITING, error);
        LOG.info(
                "relay waiting direction={} stream={} remote={} retry_in_ms={} error=\"{}\"",
                direction,
                key,
                remote,
                retryIn,
                error);
    }

    void stopped(String reason) {
        change(State.STOPPED, reason);
        LOG.info("relay stopped direction={} stream={} remote={} reason=\"{}\"", direction, key, remote, reason);
    }

    /** The far side does not have the stream; whoever asks for nonsense must not fill the log. */
    void notFound(String reason) {
        change(State.STOPPED, reason);
        LOG.debug("relay not found direction={} stream={} remote={} reason=\"{}\"", direction, key, remote, reason);
    }

    private void change(State state, String lastError) {
        status = new Status(state, lastError, System.currentTimeMillis());
    }
}
