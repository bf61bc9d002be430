package xiu.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * One {@link Counter} for each of a few kinds, such as the reasons of refusals. Any thread.
 *
 * @param <K> the kinds: an enum, or one of a few constant strings, never what a peer has said
 */
public final class CounterGroup<K> {
    /** Most kinds. More of them are a fault of ours; the further ones are counted together. */
    static final int MOST = 100;

    private final Map<K, Counter> counters = new ConcurrentHashMap<>();
    private final Counter others = new Counter();

    /** One more of this kind. */
    public void increment(K kind) {
        add(kind, 1);
    }

    /** {@code count} more of this kind, 0 or above. */
    public void add(K kind, long count) {
        counter(kind).add(count);
    }

    private Counter counter(K kind) {
        Counter known = counters.get(kind);
        if (known != null) {
            return known;
        }
        return counters.size() < MOST ? counters.computeIfAbsent(kind, first -> new Counter()) : others;
    }

    /** How many of this kind so far. */
    public long count(K kind) {
        Counter known = counters.get(kind);
        return known == null ? 0 : known.value();
    }

    /** How many of all kinds so far. */
    public long sum() {
        long sum = others.value();
        for (Counter counter : counters.values()) {
            sum += counter.value();
        }
        return sum;
    }

    /** Passes each kind that has been counted, in lower case, with its count. */
    void read(BiConsumer<String, Long> reader) {
        counters.forEach((kind, counter) -> reader.accept(Registry.label(kind), counter.value()));
        if (others.value() > 0) {
            reader.accept("other", others.value());
        }
    }
}
