package xiu.http.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import xiu.http.HttpReplies;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.settings.Live;

/** What connections make of settings that are replaced. */
class ReplacedHttpSettingsTest {
    private static final HttpRoute HELLO =
            HttpRoute.finding("/hello", path -> exchange -> exchange.answer(HttpReplies.MISSING));

    private final Live<HttpSettings> settings = Live.of(EmbeddedClient.SETTINGS);
    private final HttpPipeline pipeline = new HttpPipeline(settings, new HttpRouter(List.of(HELLO)), first -> {});

    @Test
    void aConnectionKeepsToItsLimitsAndTheNextOneHasTheNew() {
        // Not the same bytes again: a request that is known is not measured again.
        String field = "X-Long: " + "x".repeat(600) + "\r\n";
        String other = "X-Other: " + "x".repeat(600) + "\r\n";
        try (EmbeddedClient before = new EmbeddedClient(pipeline)) {
            before.get("/hello");
            settings.set(new HttpSettings(
                    512,
                    256,
                    32,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    Duration.ofHours(1)));
            before.pass(Duration.ofSeconds(50));
            assertThat(EmbeddedClient.status(before.get("/hello", field))).isEqualTo("404");
            try (EmbeddedClient after = new EmbeddedClient(pipeline)) {
                assertThat(EmbeddedClient.status(after.get("/hello", other))).isEqualTo("431");
            }
            try (EmbeddedClient idle = new EmbeddedClient(pipeline)) {
                idle.get("/hello");
                idle.pass(Duration.ofSeconds(2));
                assertThat(idle.isOpen()).isFalse();
            }
            assertThat(before.isOpen()).isTrue();
        }
    }

    @Test
    void theNextRequestMayHaveABodyOfTheNewLength() {
        try (EmbeddedClient client = new EmbeddedClient(pipeline)) {
            settings.set(new HttpSettings(
                    512,
                    1_024,
                    8,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    Duration.ofHours(1)));
            String reply = client.send("GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n");
            assertThat(EmbeddedClient.status(reply)).isEqualTo("413");
        }
    }
}
