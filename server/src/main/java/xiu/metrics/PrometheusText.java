package xiu.metrics;

import java.util.List;

/**
 * Writes metrics as Prometheus reads them: text format 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats).
 */
public final class PrometheusText {
    /** Its media type. */
    public static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** Whole numbers up to here are exact, and written without a fraction. */
    private static final double EXACT = 1L << 53;

    private PrometheusText() {}

    /** Appends all of them; metrics that have no value at the moment are named all the same. */
    public static void write(List<Metric> metrics, StringBuilder out) {
        for (Metric metric : metrics) {
            Metric.Definition definition = metric.definition();
            String name = definition.name();
            out.append("# HELP ").append(name).append(' ');
            escape(definition.help(), false, out);
            out.append("\n# TYPE ").append(name).append(' ').append(Registry.label(definition.type()));
            out.append('\n');
            for (Metric.Value value : metric.values()) {
                out.append(name);
                labels(definition.labels(), value.labels(), out);
                number(value.number(), out.append(' '));
                out.append('\n');
            }
        }
    }

    private static void labels(List<String> names, List<String> values, StringBuilder out) {
        if (names.isEmpty()) {
            return;
        }
        char before = '{';
        for (int i = 0; i < names.size(); i++) {
            out.append(before).append(names.get(i)).append("=\"");
            escape(values.get(i), true, out);
            out.append('"');
            before = ',';
        }
        out.append('}');
    }

    private static void escape(String text, boolean quoted, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '"' -> out.append(quoted ? "\\\"" : "\"");
                default -> out.append(c);
            }
        }
    }

    private static void number(double number, StringBuilder out) {
        if (number == Math.rint(number) && Math.abs(number) <= EXACT) {
            out.append((long) number);
        } else if (Double.isInfinite(number)) {
            out.append(number > 0 ? "+Inf" : "-Inf");
        } else {
            out.append(number);
        }
    }
}
