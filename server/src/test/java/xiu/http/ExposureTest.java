package xiu.http;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.http.http1.EmbeddedClient;

/** What pages of other origins may do with media, and what with a route of the server's own pages. */
class ExposureTest {
    private static final String CORS = "Access-Control-";

    private final EmbeddedClient client = new EmbeddedClient(
            HttpRoute.get("/media/{name}", exchange -> exchange.answer(reply("media"))),
            new Own("/own/{name}", "GET", "POST", "DELETE"),
            new Own("/media/settings", "PUT"));

    /** A route for pages of this server. */
    private record Own(PathPattern path, Set<HttpMethod> methods) implements HttpRoute {
        Own(String pattern, String... methods) {
            this(PathPattern.of(pattern), methods(methods));
        }

        private static Set<HttpMethod> methods(String... names) {
            return Arrays.stream(names).map(HttpMethod::valueOf).collect(Collectors.toSet());
        }

        @Override
        public Exposure exposure() {
            return Exposure.OWN_ORIGIN;
        }

        @Override
        public Resource find(PathPattern.Match match) {
            return switch (match.segments().getLast()) {
                case "none" -> null;
                case "fault" ->
                    exchange -> {
                        throw new IllegalStateException("planted");
                    };
                default -> exchange -> exchange.answer(reply("own"));
            };
        }
    }

    private static HttpReply reply(String text) {
        return HttpReply.status(OK).text(text);
    }

    @AfterEach
    void close() {
        client.close();
    }

    private String ask(String method, String path, String... lines) {
        return client.send(
                method + " " + path + " HTTP/1.1\r\nHost: media.example:8080\r\n" + String.join("", lines) + "\r\n");
    }

    @Test
    void pagesOfAnyOriginMayReadMedia() {
        assertThat(ask("GET", "/media/a"))
                .contains("\r\nAccess-Control-Allow-Origin: *\r\n")
                .endsWith("media");
        assertThat(ask("GET", "/nothing")).contains("\r\nAccess-Control-Allow-Origin: *\r\n");
        assertThat(ask("OPTIONS", "/media/a")).contains("\r\nAccess-Control-Allow-Methods: GET, HEAD, OPTIONS\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /own/a, 200",
        "POST, /own/a, 200",
        "GET, /own/none, 404",
        "GET, /own/fault, 500",
        "PATCH, /own/a, 405",
        "OPTIONS, /own/a, 204",
        "DELETE, /media/settings, 405",
        "OPTIONS, /media/settings, 204",
        "PUT, /media/settings, 200",
    })
    void noAnswerOfARouteOfItsOwnOriginSaysThatOthersMayReadIt(String method, String path, String status) {
        // Twice: the second time the path is known.
        for (int i = 0; i < 2; i++) {
            String reply = ask(method, path);
            assertThat(EmbeddedClient.status(reply)).isEqualTo(status);
            assertThat(reply).doesNotContain(CORS);
        }
    }

    @Test
    void optionsStillTellTheMethodsOfARouteOfItsOwnOrigin() {
        assertThat(ask("OPTIONS", "/own/a")).contains("\r\nAllow: DELETE, GET, HEAD, OPTIONS, POST\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: http://media.example",
                "Origin: http://media.example:8081",
                "Origin: null",
                "Origin: http://media.example:8080\r\nOrigin: http://evil.example",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Origin: http://media.example:8080\r\nSec-Fetch-Site: cross-site",
            })
    void aPageOfAnotherOriginChangesNothing(String lines) {
        String reply = ask("POST", "/own/a", lines + "\r\n");
        assertThat(EmbeddedClient.status(reply)).isEqualTo("403");
        assertThat(reply).doesNotContain(CORS).doesNotContain("own");
        assertThat(EmbeddedClient.status(ask("DELETE", "/own/a", lines + "\r\n")))
                .isEqualTo("403");
        // It may ask; its browser keeps the answer from it.
        assertThat(EmbeddedClient.status(ask("GET", "/own/a", lines + "\r\n"))).isEqualTo("200");
        assertThat(ask("GET", "/media/a", lines + "\r\n")).contains("\r\nAccess-Control-Allow-Origin: *\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Nothing: curl",
                "Origin: http://media.example:8080",
                "Origin: HTTP://MEDIA.example:8080",
                "Origin: http://rewritten.example\r\nSec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: none",
            })
    void itsOwnPagesAndProgramsMayChangeThings(String lines) {
        assertThat(EmbeddedClient.status(ask("POST", "/own/a", lines + "\r\n"))).isEqualTo("200");
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example, a.example, 200",
        "https://a.example, a.example:443, 200",
        "http://a.example:80, a.example, 200",
        "http://[::1]:8080, [::1]:8080, 200",
        "http://a.example, a.example:443, 403",
        "https://a.example.evil, a.example, 403",
    })
    void theUsualPortMayBeLeftOut(String origin, String host, String status) {
        String reply = client.send("POST /own/a HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin + "\r\n\r\n");
        assertThat(EmbeddedClient.status(reply)).isEqualTo(status);
    }

    @Test
    void aPageOfAnotherOriginOpensNoWebSocket() {
        String socket = "Upgrade: websocket\r\nConnection: Upgrade\r\nOrigin: http://evil.example\r\n";
        assertThat(EmbeddedClient.status(ask("GET", "/own/a", socket))).isEqualTo("403");
        assertThat(EmbeddedClient.status(ask("GET", "/own/a", socket))).isEqualTo("403");
        assertThat(EmbeddedClient.status(ask("GET", "/media/a", socket))).isEqualTo("200");
    }
}
