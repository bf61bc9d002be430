package xiu.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import xiu.metrics.Metric.Definition;
import xiu.metrics.Metric.Type;
import xiu.metrics.Metric.Value;

/** Against the examples of the format's specification. */
class PrometheusTextTest {
    private static String text(Metric... metrics) {
        StringBuilder out = new StringBuilder();
        PrometheusText.write(List.of(metrics), out);
        return out.toString();
    }

    @Test
    void helpTypeAndValuesAreLines() {
        Definition requests =
                new Definition("xiu_http_requests_total", Type.COUNTER, "Requests", List.of("method", "code"));
        assertThat(text(new Metric(
                        requests,
                        List.of(new Value(List.of("post", "200"), 1027), new Value(List.of("post", "400"), 3)))))
                .isEqualTo("""
                        # HELP xiu_http_requests_total Requests
                        # TYPE xiu_http_requests_total counter
                        xiu_http_requests_total{method="post",code="200"} 1027
                        xiu_http_requests_total{method="post",code="400"} 3
                        """);
    }

    @Test
    void whatHasAMeaningIsEscaped() {
        Definition odd = new Definition("xiu_odd", Type.GAUGE, "C:\\DIR \"quoted\"", List.of("path"));
        assertThat(text(new Metric(odd, List.of(new Value(List.of("C:\\DIR\\\"FILE\"\n"), 1)))))
                .isEqualTo("""
                        # HELP xiu_odd C:\\\\DIR "quoted"
                        # TYPE xiu_odd gauge
                        xiu_odd{path="C:\\\\DIR\\\\\\"FILE\\"\\n"} 1
                        """);
    }

    @Test
    void numbersAreExactOrShort() {
        Definition number = new Definition("xiu_number", Type.GAUGE, "A number", List.of());
        assertThat(text(new Metric(
                                number,
                                List.of(
                                        new Value(List.of(), 9_007_199_254_740_991.0),
                                        new Value(List.of(), -1),
                                        new Value(List.of(), 0.25),
                                        new Value(List.of(), Double.POSITIVE_INFINITY),
                                        new Value(List.of(), Double.NaN))))
                        .lines()
                        .skip(2))
                .containsExactly(
                        "xiu_number 9007199254740991",
                        "xiu_number -1",
                        "xiu_number 0.25",
                        "xiu_number +Inf",
                        "xiu_number NaN");
    }

    @Test
    void aMetricWithoutValuesIsNamed() {
        Definition none = new Definition("xiu_none", Type.GAUGE, "Nothing yet", List.of("kind"));
        assertThat(text(new Metric(none, List.of()))).isEqualTo("# HELP xiu_none Nothing yet\n# TYPE xiu_none gauge\n");
    }
}
