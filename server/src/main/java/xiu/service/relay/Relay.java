package xiu.service.relay;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import xiu.stream.StreamKey;

/**
 * One stream carried one way, as operators see it. Changed by its owner on the relay thread, read by any thread. Each
 * change is one log line; at debug level while a pull has not found its stream, because players may ask for any name
 * and must not fill the log.
 */
public final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final RelayCounters counters;
    private final Direction direction;
    private final StreamKey key;
    private final AtomicLong attempts = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private volatile String remote;
    private volatile Status status = new Status(State.IDLE, "", System.currentTimeMillis());

    /** Which way the stream is carried. */
    public enum Direction {
        /** From elsewhere to here. */
        PULL,
        /** From here to elsewhere. */
        PUSH
    }

    /** The state of a relay. */
    public enum State {
        /** Not started yet. */
        IDLE,
        CONNECTING,
        RUNNING,
        /** Waits for the next attempt. */
        WAITING,
        /** Will not try again. */
        STOPPED
    }

    /**
     * The state of a relay at a moment.
     *
     * @param state its state
     * @param lastError why it is not running, or why it last was not; empty when it never failed
     * @param since when it entered this state, ms since the epoch
     */
    public record Status(State state, String lastError, long since) {}

    /**
     * A relay that is not started.
     *
     * @param counters of all relays of its direction
     * @param remote the far end, without secrets
     */
    Relay(RelayCounters counters, StreamKey key, String remote) {
        this.counters = counters;
        this.direction = counters.direction();
        this.key = key;
        this.remote = remote;
    }

    /** Which way it carries the stream. */
    public Direction direction() {
        return direction;
    }

    /** The stream that it carries. */
    public StreamKey key() {
        return key;
    }

    /** The far end, without secrets; that of a pull changes when another upstream is asked. */
    public String remote() {
        return remote;
    }

    /** Its state at the moment. */
    public Status status() {
        return status;
    }

    /** How often it has tried to connect. */
    public long attempts() {
        return attempts.get();
    }

    /** How often it has been running. */
    public long runs() {
        return runs.get();
    }

    void connecting(String to) {
        remote = to;
        attempts.incrementAndGet();
        counters.dialled();
        change(State.CONNECTING, status.lastError());
        LOG.atLevel(level())
                .log(
                        "event=relay_connecting direction={} stream={} remote={} attempt={}",
                        direction,
                        key,
                        to,
                        attempts);
    }

    void running() {
        runs.incrementAndGet();
        counters.ran();
        change(State.RUNNING, status.lastError());
        LOG.info("event=relay_running direction={} stream={} remote={} attempts={}", direction, key, remote, attempts);
    }

    void waiting(String error, long retryIn) {
        change(State.WAITING, error);
        LOG.atLevel(level())
                .log(
                        "event=relay_waiting direction={} stream={} remote={} retry_in_ms={} error=\"{}\"",
                        direction,
                        key,
                        remote,
                        retryIn,
                        error);
    }

    void stopped(String reason) {
        change(State.STOPPED, reason);
        LOG.atLevel(level())
                .log(
                        "event=relay_stopped direction={} stream={} remote={} reason=\"{}\"",
                        direction,
                        key,
                        remote,
                        reason);
    }

    /** It cannot work as configured: only another publisher, or another configuration, starts it again. */
    void failed(String reason) {
        change(State.STOPPED, reason);
        LOG.warn("event=relay_stopped direction={} stream={} remote={} reason=\"{}\"", direction, key, remote, reason);
    }

    /** It would carry the stream in a circle. */
    void loop(String reason) {
        change(State.STOPPED, reason);
        LOG.warn("event=relay_loop direction={} stream={} remote={} reason=\"{}\"", direction, key, remote, reason);
    }

    /** The far side does not have the stream, or has it no longer. */
    void notFound(String reason) {
        if (runs() > 0) {
            stopped(reason);
            return;
        }
        change(State.STOPPED, reason);
        LOG.debug(
                "event=relay_not_found direction={} stream={} remote={} reason=\"{}\"", direction, key, remote, reason);
    }

    private Level level() {
        return direction == Direction.PULL && runs() == 0 ? Level.DEBUG : Level.INFO;
    }

    private void change(State state, String lastError) {
        status = new Status(state, lastError, System.currentTimeMillis());
    }
}
