package xiu.service.relay;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import xiu.stream.StreamKey;

/**
 * One stream carried one way, as operators see it. Changed by its owner on the relay thread, read by any thread. Every
 * change is one line in the log; while a pull has not found its stream, at debug level: whoever asks for nonsense must not
 * fill the log.
 */
public final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final Direction direction;
    private final StreamKey key;
    private final AtomicLong attempts = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private volatile String remote;
    private volatile Status status = new Status(State.IDLE, "", System.currentTimeMillis());

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

    /** The far end, without secrets; that of a pull changes when another upstream is asked. */
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

    void connecting(String to) {
        remote = to;
        attempts.incrementAndGet();
        change(State.CONNECTING, status.lastError());
        LOG.atLevel(level())
                .log("relay connecting direction={} stream={} remote={} attempt={}", direction, key, to, attempts);
    }

    void running() {
        runs.incrementAndGet();
        change(State.RUNNING, status.lastError());
        LOG.info("relay running direction={} stream={} remote={} attempts={}", direction, key, remote, attempts);
    }

    void waiting(String error, long retryIn) {
        change(State.WAITING, error);
        LOG.atLevel(level())
                .log(
                        "relay waiting direction={} stream={} remote={} retry_in_ms={} error=\"{}\"",
                        direction,
                        key,
                        remote,
                        retryIn,
                        error);
    }

    void stopped(String reason) {
        change(State.STOPPED, reason);
        LOG.atLevel(level())
                .log("relay stopped direction={} stream={} remote={} reason=\"{}\"", direction, key, remote, reason);
    }

    /** It can never work as it is: nothing but another publisher, or another configuration, starts it again. */
    void failed(String reason) {
        change(State.STOPPED, reason);
        LOG.warn("relay stopped direction={} stream={} remote={} reason=\"{}\"", direction, key, remote, reason);
    }

    /** The stream would run in a circle. */
    void loop(String reason) {
        change(State.STOPPED, reason);
        LOG.warn("relay loop direction={} stream={} remote={} reason=\"{}\"", direction, key, remote, reason);
    }

    /** The far side does not have the stream, or not any more. */
    void notFound(String reason) {
        if (runs() > 0) {
            stopped(reason);
            return;
        }
        change(State.STOPPED, reason);
        LOG.debug("relay not found direction={} stream={} remote={} reason=\"{}\"", direction, key, remote, reason);
    }

    private Level level() {
        return direction == Direction.PULL && runs() == 0 ? Level.DEBUG : Level.INFO;
    }

    private void change(State state, String lastError) {
        status = new Status(state, lastError, System.currentTimeMillis());
    }
}
