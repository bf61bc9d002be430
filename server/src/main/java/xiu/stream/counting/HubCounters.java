package xiu.stream.counting;

import xiu.metrics.CounterGroup;

/**
 * The counters of a hub for all its streams, including those that have ended. Any thread.
 *
 * @param publishRefusals publishers that were refused, by reason
 * @param playRefusals viewers that were refused, by reason
 * @param sentBytes bytes sent to viewers, by their protocol; up to a second behind
 * @param skips times a viewer was too slow and skipped, by its protocol
 */
public record HubCounters(
        CounterGroup<Object> publishRefusals,
        CounterGroup<Object> playRefusals,
        CounterGroup<String> sentBytes,
        CounterGroup<String> skips) {
    /** Counters at zero. */
    public HubCounters() {
        this(new CounterGroup<>(), new CounterGroup<>(), new CounterGroup<>(), new CounterGroup<>());
    }

    /** A publisher or a viewer was refused; {@code reason}: a constant. */
    public void refused(boolean publisher, Object reason) {
        (publisher ? publishRefusals : playRefusals).increment(reason);
    }
}
