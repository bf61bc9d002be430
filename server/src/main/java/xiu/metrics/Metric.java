package xiu.metrics;

import java.util.List;

/**
 * A metric and its values at a moment.
 *
 * @param definition what it is
 * @param values one without labels; or one for each combination of labels that there is, in no particular order
 */
public record Metric(Definition definition, List<Value> values) {
    /** Takes a copy. */
    public Metric {
        values = List.copyOf(values);
    }

    /** How its values change. */
    public enum Type {
        /** Only grows, as long as the thing that it counts exists. */
        COUNTER,
        /** Goes up and down. */
        GAUGE
    }

    /**
     * What a metric is.
     *
     * @param name in the style of Prometheus: {@code xiu_…}, the base unit last but for {@code _total} of counters
     * @param type how its values change
     * @param help one sentence for people, without a full stop
     * @param labels the names of its labels, in the order of their values
     */
    public record Definition(String name, Type type, String help, List<String> labels) {
        /** Takes a copy. */
        public Definition {
            labels = List.copyOf(labels);
        }
    }

    /**
     * A value.
     *
     * @param labels the values of the labels; none, when the metric has no labels
     * @param number in bytes, seconds or pieces
     */
    public record Value(List<String> labels, double number) {
        /** Takes a copy. */
        public Value {
            labels = List.copyOf(labels);
        }
    }
}
