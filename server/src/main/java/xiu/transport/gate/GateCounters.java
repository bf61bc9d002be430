package xiu.transport.gate;

import java.util.function.LongSupplier;
import xiu.metrics.Counter;
import xiu.metrics.CounterGroup;
import xiu.metrics.Registry;

/** How many connections were accepted, refused and displaced. Any thread. */
public final class GateCounters {
    private final Counter accepted = new Counter();
    private final CounterGroup<String> refused = new CounterGroup<>();
    private final CounterGroup<String> displaced = new CounterGroup<>();

    /** A connection was accepted. */
    public void accepted() {
        accepted.increment();
    }

    /** A connection was refused because of this limit. */
    public void refused(String limit) {
        refused.increment(limit);
    }

    /** A connection was closed because others came and this limit was reached. */
    public void displaced(String limit) {
        displaced.increment(limit);
    }

    /** How many were refused so far. */
    public long refused() {
        return refused.sum();
    }

    /** How many were displaced so far. */
    public long displaced() {
        return displaced.sum();
    }

    /**
     * Registers these counters and the gate's current numbers.
     *
     * @param open open connections
     * @param unfinished those of them that are not established yet
     */
    public void register(Registry registry, LongSupplier open, LongSupplier unfinished) {
        registry.gauge("xiu_connections", "Open connections", open);
        registry.gauge("xiu_handshakes", "Open connections that are not established yet", unfinished);
        registry.counter("xiu_connections_accepted_total", "Connections let in", accepted);
        registry.counters("xiu_connections_refused_total", "Connections refused, by the limit", "limit", refused);
        registry.counters(
                "xiu_connections_displaced_total",
                "Connections closed in their handshake because others came, by the limit",
                "limit",
                displaced);
    }
}
