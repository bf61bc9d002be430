package xiu.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * All numbers of a server, by name. Each part registers its numbers once and keeps them in fields of its own; work is
 * done here only when somebody reads. Any thread.
 */
public final class Registry {
    /**
     * Most values of one metric, so that a reader's memory does not grow with streams that somebody creates without
     * end.
     */
    static final int MOST_VALUES = 10_000;

    private static final Pattern NAME = Pattern.compile("xiu(_[a-z0-9]+)+");
    private static final Pattern LABEL = Pattern.compile("[a-z]+(_[a-z]+)*");
    private static final String TOTAL = "_total";

    private final Map<String, Family> families = new TreeMap<>();
    private final Counter faults = new Counter();
    private final Counter leftOut = new Counter();

    /**
     * Passes the values of a metric when somebody reads; on the reader's thread, so it must not hold locks for long.
     */
    @FunctionalInterface
    public interface Source {
        /** Hands each value over, by {@link Values#add}. */
        void read(Values values);
    }

    /** Takes the values of a metric. */
    @FunctionalInterface
    public interface Values {
        /** A value, and those of the labels in their order. */
        void add(double number, String... labels);
    }

    private record Family(Metric.Definition definition, List<Source> sources) {}

    /** A registry with only its own two numbers. */
    public Registry() {
        counter("xiu_metrics_faults_total", "Metrics that could not be read, each time", faults);
        counter(
                "xiu_metrics_values_left_out_total",
                "Values left out because a metric had more than " + MOST_VALUES,
                leftOut);
    }

    /** A number that only grows. */
    public void counter(String name, String help, LongSupplier value) {
        counters(name, help, List.of(), values -> values.add(value.getAsLong()));
    }

    /** A number that only grows. */
    public void counter(String name, String help, Counter counter) {
        counter(name, help, counter::value);
    }

    /** Numbers that only grow, one for each kind. */
    public void counters(String name, String help, String label, CounterGroup<?> counters) {
        counters(
                name, help, List.of(label), values -> counters.read((kind, count) -> values.add((double) count, kind)));
    }

    /** Numbers that only grow, distinguished by labels. */
    public void counters(String name, String help, List<String> labels, Source source) {
        register(new Metric.Definition(name, Metric.Type.COUNTER, help, labels), source);
    }

    /** A number that goes up and down. */
    public void gauge(String name, String help, LongSupplier value) {
        gauges(name, help, List.of(), values -> values.add(value.getAsLong()));
    }

    /** Numbers that go up and down, distinguished by labels. */
    public void gauges(String name, String help, List<String> labels, Source source) {
        register(new Metric.Definition(name, Metric.Type.GAUGE, help, labels), source);
    }

    /** Registers one more source; a metric may have several, such as two listeners, if they mean the same by it. */
    private void register(Metric.Definition definition, Source source) {
        check(definition);
        synchronized (families) {
            Family family = families.computeIfAbsent(
                    definition.name(), name -> new Family(definition, new CopyOnWriteArrayList<>()));
            if (!family.definition.equals(definition)) {
                throw new IllegalArgumentException("metric: " + definition + " (expected: " + family.definition
                        + ", as it is registered already)");
            }
            family.sources.add(source);
        }
    }

    private static void check(Metric.Definition definition) {
        String name = definition.name();
        boolean isCounter = definition.type() == Metric.Type.COUNTER;
        if (!NAME.matcher(name).matches() || name.endsWith(TOTAL) != isCounter) {
            throw new IllegalArgumentException(
                    "metric: " + name + " (expected: xiu_…, and " + TOTAL + " at the end of counters only)");
        }
        if (definition.help().isBlank() || definition.help().chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("metric " + name + ": help (expected: one sentence in one line)");
        }
        for (String label : definition.labels()) {
            if (!LABEL.matcher(label).matches()) {
                throw new IllegalArgumentException("metric " + name + ": label " + label + " (expected: a-z and _)");
            }
        }
    }

    /** The registered metrics, by name. */
    public List<Metric.Definition> definitions() {
        return families().stream().map(Family::definition).toList();
    }

    /** All current numbers, by name. When a source throws, only its own values are missing. */
    public List<Metric> read() {
        List<Metric> metrics = new ArrayList<>();
        for (Family family : families()) {
            metrics.add(new Metric(family.definition, values(family)));
        }
        return metrics;
    }

    private List<Family> families() {
        synchronized (families) {
            return List.copyOf(families.values());
        }
    }

    private List<Metric.Value> values(Family family) {
        List<Metric.Value> values = new ArrayList<>();
        int labels = family.definition.labels().size();
        for (Source source : family.sources) {
            try {
                source.read((number, texts) -> {
                    if (texts.length != labels) {
                        throw new IllegalArgumentException("labels: " + texts.length + " (expected: " + labels + ")");
                    }
                    if (values.size() < MOST_VALUES) {
                        values.add(new Metric.Value(List.of(texts), number));
                    } else {
                        leftOut.increment();
                    }
                });
            } catch (Throwable fault) {
                // Counted, which readers see: this package does not log, and the other metrics are still read.
                faults.increment();
            }
        }
        return values;
    }

    /** A constant in the form of a label's value. */
    public static String label(Object constant) {
        return String.valueOf(constant).toLowerCase(Locale.ROOT);
    }
}
