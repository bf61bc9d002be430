package xiu.http;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.http.http1.EmbeddedClient;

/** What a path has led to is kept, and nobody can tell, but by the time it takes. */
class HttpRouterTest {
    private final List<String> found = new ArrayList<>();
    private final EmbeddedClient client = new EmbeddedClient(
            posts("/both"),
            HttpRoute.get("/both", exchange -> exchange.answer(text("got"))),
            HttpRoute.finding("/{app...}/{name}.ts", path -> {
                String name = path.variable("app") + "/" + path.variable("name");
                found.add(name);
                return name.endsWith("/none") ? null : exchange -> exchange.answer(text(name + "?" + exchange.query()));
            }));

    private static HttpReply text(String text) {
        return HttpReply.status(OK).text(text);
    }

    private static HttpRoute posts(String pattern) {
        PathPattern path = PathPattern.of(pattern);
        return new HttpRoute() {
            @Override
            public PathPattern path() {
                return path;
            }

            @Override
            public Set<HttpMethod> methods() {
                return Set.of(HttpMethod.POST);
            }

            @Override
            public Exposure exposure() {
                return Exposure.PUBLIC_MEDIA;
            }

            @Override
            public Resource find(PathPattern.Match match) {
                return exchange -> exchange.answer(text("posted"));
            }
        };
    }

    @AfterEach
    void close() {
        client.close();
    }

    private String body(String method, String target) {
        String reply = client.send(method + " " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        return EmbeddedClient.status(reply) + " " + reply.replaceFirst("(?s).*\r\n\r\n", "");
    }

    @Test
    void aPathIsReadOnceAndItsQueryEachTime() {
        assertThat(body("GET", "/live/7.ts?a=1")).isEqualTo("200 live/7?a=1");
        assertThat(body("GET", "/live/7.ts?b?=2")).isEqualTo("200 live/7?b?=2");
        assertThat(body("GET", "/live/7.ts")).isEqualTo("200 live/7?");
        assertThat(found).containsExactly("live/7");
    }

    @Test
    void whatDecodesToTheSameIsTheSame() {
        assertThat(body("GET", "/live/7.ts")).isEqualTo("200 live/7?");
        assertThat(body("GET", "/live/%37.ts")).isEqualTo("200 live/7?");
        assertThat(body("GET", "http://host/live/7.ts?q")).isEqualTo("200 live/7?q");
    }

    @Test
    void pathsThatShareAPlaceAreToldApart() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 2_000; i++) {
                assertThat(body("GET", "/live/" + i + ".ts")).isEqualTo("200 live/" + i + "?");
            }
            // The same hash.
            assertThat(body("GET", "/live/Aa.ts")).isEqualTo("200 live/Aa?");
            assertThat(body("GET", "/live/BB.ts")).isEqualTo("200 live/BB?");
        }
    }

    @Test
    void aPathThatMeansNothingIsMissingHoweverOftenItIsAskedFor() {
        assertThat(body("GET", "/live/none.ts")).startsWith("404 ");
        assertThat(body("GET", "/live/none.ts")).startsWith("404 ");
        assertThat(body("GET", "/live/none.flv")).startsWith("404 ");
    }

    @Test
    void whatGetHasFoundIsNotForOtherMethods() {
        assertThat(body("GET", "/live/7.ts")).isEqualTo("200 live/7?");
        assertThat(body("HEAD", "/live/7.ts")).isEqualTo("200 ");
        assertThat(body("POST", "/live/7.ts")).startsWith("405 ");
        assertThat(body("OPTIONS", "/live/7.ts")).startsWith("204 ");
        assertThat(body("GET", "/both")).isEqualTo("200 got");
        assertThat(body("POST", "/both")).isEqualTo("200 posted");
        assertThat(body("GET", "/both")).isEqualTo("200 got");
    }

    @Test
    void aBadTargetIsRefusedAlsoBehindAPathThatIsKept() {
        assertThat(body("GET", "/live/7.ts")).isEqualTo("200 live/7?");
        assertThat(body("GET", "/live/7.ts?a#b")).startsWith("400 ");
        assertThat(body("GET", "/live/7.ts#b")).startsWith("400 ");
        assertThat(body("GET", "/live/7.ts#?")).startsWith("400 ");
        // What stands before the question mark is no path here.
        assertThat(body("GET", "http?://host/live/7.ts")).isEqualTo("200 live/7?");
        assertThat(body("GET", "http")).startsWith("400 ");
    }

    @Test
    void aPathThatIsTooLongToBeKeptIsReadEachTime() {
        String name = "x".repeat(200);
        for (int i = 0; i < 2; i++) {
            assertThat(body("GET", "/live/" + name + ".ts?q")).isEqualTo("200 live/" + name + "?q");
        }
        assertThat(found).hasSize(2);
    }

    /** A resource that comes and goes, in front of one that is always there. */
    private final class Sometimes implements HttpRoute.Resource {
        private boolean there;

        @Override
        public boolean isThere() {
            return there;
        }

        @Override
        public void handle(HttpExchange exchange) {
            exchange.answer(text("segment"));
        }
    }

    @Test
    void anotherRouteAnswersWhileTheFirstHasNothingThere() {
        Sometimes segment = new Sometimes();
        try (EmbeddedClient both = new EmbeddedClient(
                HttpRoute.finding("/a/{name}", path -> path.variable("name").equals("1") ? segment : null),
                HttpRoute.get("/a/{name}", exchange -> exchange.answer(text("stream"))))) {
            assertThat(both.get("/a/1")).endsWith("stream");
            assertThat(both.get("/a/2")).endsWith("stream");
            segment.there = true;
            assertThat(both.get("/a/1")).endsWith("segment");
            assertThat(both.get("/a/2")).endsWith("stream");
            segment.there = false;
            assertThat(both.get("/a/1")).endsWith("stream");
        }
    }

    @Test
    void theOnlyRouteAnswersAlsoWhenNothingIsThere() {
        try (EmbeddedClient one = new EmbeddedClient(HttpRoute.get("/a/{name}", new Sometimes()))) {
            assertThat(one.get("/a/1")).endsWith("segment");
            assertThat(one.get("/a/1")).endsWith("segment");
        }
    }
}
