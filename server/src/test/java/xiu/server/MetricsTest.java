package xiu.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.Repository;
import xiu.metrics.Metric;
import xiu.metrics.PrometheusText;
import xiu.metrics.Registry;
import xiu.rehearsal.Rehearsal;

/** The metrics of a started server, and docs/metrics.md. */
class MetricsTest {
    private static final Pattern ROW = Pattern.compile("\\| `(xiu_\\w+)` \\| (\\w+) \\| ([^|]*) \\| ([^|]+) \\|");

    private final XiuServer server = new XiuServer(DressRehearsal.settings());

    @AfterEach
    void stop() {
        server.stop();
    }

    private Registry started() {
        server.start();
        return Objects.requireNonNull(server.running()).metrics();
    }

    /** As rows of the document's tables, which are sorted within each. */
    private static String row(Metric.Definition definition) {
        String labels = String.join(
                ", ",
                definition.labels().stream().map(label -> "`" + label + "`").toList());
        return "| `%s` | %s | %s | %s |"
                .formatted(definition.name(), Registry.label(definition.type()), labels, definition.help());
    }

    @Test
    void theDocumentNamesEveryMetricOfAServerAndNoOthers() {
        List<String> rows = Repository.read(Repository.root().resolve("docs/metrics.md"))
                .lines()
                .filter(line -> ROW.matcher(line).matches())
                .sorted()
                .toList();
        List<String> metrics =
                started().definitions().stream().map(MetricsTest::row).sorted().toList();
        assertThat(rows).isEqualTo(metrics);
    }

    @Test
    void afterAPlayTheNumbersSayWhatWasPlayed() throws InterruptedException {
        Registry registry = started();
        Rehearsal.perform(DressRehearsal.stage(server.endpoints()), 90);
        StringBuilder text = new StringBuilder();
        PrometheusText.write(registry.read(), text);
        assertThat(text.toString())
                .contains("xiu_streams_begun_total 1\n")
                .contains("xiu_publications_ended_total{reason=\"goodbye\"} 1\n")
                .contains("xiu_viewers_joined_total{protocol=\"rtmp\"} 4\n")
                .contains("xiu_viewers_joined_total{protocol=\"http-flv\"} 4\n")
                .contains("xiu_viewers_joined_total{protocol=\"ws-flv\"} 4\n")
                .contains("xiu_http_requests_total{listener=\"hls\",status=\"2xx\"}")
                .contains("xiu_metrics_faults_total 0\n");
        List<String> zero = new ArrayList<>();
        for (String name : List.of(
                "xiu_received_bytes_total",
                "xiu_received_packets_total",
                "xiu_received_key_frames_total",
                "xiu_sent_bytes_total",
                "xiu_connections_accepted_total",
                "xiu_fan_out_passes_total",
                "xiu_fan_out_turns_total")) {
            if (number(registry, name) <= 0) {
                zero.add(name);
            }
        }
        assertThat(zero).isEmpty();
    }

    private static double number(Registry registry, String name) {
        return registry.read().stream()
                .filter(metric -> metric.definition().name().equals(name))
                .flatMap(metric -> metric.values().stream())
                .mapToDouble(Metric.Value::number)
                .sum();
    }
}
