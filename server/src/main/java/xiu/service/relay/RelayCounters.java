package xiu.service.relay;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import xiu.metrics.Counter;
import xiu.metrics.Registry;

/** The counters of all relays of one direction, including those that have ended. Any thread. */
public final class RelayCounters {
    private final Relay.Direction direction;
    private final Counter dials = new Counter();
    private final Counter runs = new Counter();

    RelayCounters(Relay.Direction direction) {
        this.direction = direction;
    }

    Relay.Direction direction() {
        return direction;
    }

    /** A far side is dialled. */
    void dialled() {
        dials.increment();
    }

    /** A relay begins to carry media. */
    void ran() {
        runs.increment();
    }

    /** Registers these counters, and the states of the current {@code relays}. */
    public void register(Registry registry, Supplier<List<Relay>> relays) {
        String way = Registry.label(direction);
        List<String> label = List.of("direction");
        registry.gauges(
                "xiu_relays", "Relays at the moment, by direction and state", List.of("direction", "state"), values -> {
                    Map<Relay.State, Integer> counts = new EnumMap<>(Relay.State.class);
                    relays.get().forEach(relay -> counts.merge(relay.status().state(), 1, Integer::sum));
                    counts.forEach((state, count) -> values.add(count, way, Registry.label(state)));
                });
        registry.counters(
                "xiu_relay_dials_total",
                "Times a relay has dialled its far side",
                label,
                values -> values.add(dials.value(), way));
        registry.counters(
                "xiu_relay_runs_total", "Times a relay came to run", label, values -> values.add(runs.value(), way));
    }
}
