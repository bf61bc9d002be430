package xiu.http.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import xiu.http.HttpCounters;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.metrics.Metric;
import xiu.metrics.Registry;

/** Every answer is counted once by the status that the client sees, refusals of what is no request among them. */
class AnswerCountsTest {
    private static final HttpRoute FILE = HttpRoute.get(
            "/file",
            exchange -> exchange.answer(
                    HttpReply.status(HttpResponseStatus.OK).etag("1").ranges().text("0123456789")));

    private static final HttpRoute BROKEN = HttpRoute.get("/broken", exchange -> {
        throw new IllegalStateException("planted");
    });

    private final HttpPipeline pipeline =
            new HttpPipeline(EmbeddedClient.SETTINGS, new HttpRouter(List.of(FILE, BROKEN)), channel -> {});
    private final HttpCounters counters = pipeline.counters();

    @Test
    void answersAreCountedByTheClassOfTheirStatus() {
        try (EmbeddedClient client = new EmbeddedClient(pipeline)) {
            assertThat(client.get("/file")).startsWith("HTTP/1.1 200");
            assertThat(client.get("/file", "Range: bytes=1-2\r\n")).startsWith("HTTP/1.1 206");
            assertThat(counters.count(2)).isEqualTo(2);
            assertThat(client.get("/file", "If-None-Match: \"1\"\r\n")).startsWith("HTTP/1.1 304");
            assertThat(counters.count(3)).isEqualTo(1);
            assertThat(client.get("/none")).startsWith("HTTP/1.1 404");
            assertThat(client.get("/broken")).startsWith("HTTP/1.1 500");
            assertThat(counters.count(5)).isEqualTo(1);
            assertThat(client.send("rubbish\r\n\r\n")).startsWith("HTTP/1.1 400");
            assertThat(counters.count(4)).isEqualTo(2);
        }
        assertThat(counters.count(2)).isEqualTo(2);
    }

    @Test
    void theListenerAndTheClassAreLabels() {
        Registry registry = new Registry();
        counters.register(registry, "httpflv");
        new HttpCounters().register(registry, "hls");
        counters.answered(HttpResponseStatus.NOT_FOUND);
        List<Metric.Value> values = registry.read().stream()
                .filter(metric -> metric.definition().name().equals("xiu_http_requests_total"))
                .findFirst()
                .orElseThrow()
                .values();
        assertThat(values).containsExactly(new Metric.Value(List.of("httpflv", "4xx"), 1));
    }
}
