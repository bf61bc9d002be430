package xiu.http.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;

/** The same bytes lead to the same answer, whether they were decoded or are known, and no other bytes do. */
class KnownRequestsTest {
    private static final String GET = "GET /a HTTP/1.1\r\nHost: known\r\n\r\n";

    private final List<HttpRequest> requests = new ArrayList<>();
    private final HttpRoute route = HttpRoute.get("/{name}", exchange -> {
        requests.add(((Http1Exchange) exchange).request());
        exchange.answer(HttpReply.status(HttpResponseStatus.OK)
                .text(((Http1Exchange) exchange).request().uri() + "\n"));
    });

    private EmbeddedClient client() {
        return new EmbeddedClient(route);
    }

    @Test
    void whatTwoClientsAskInTheSameBytesIsDecodedOnce() {
        try (EmbeddedClient one = client();
                EmbeddedClient other = client()) {
            String first = one.send(GET);
            assertThat(first).startsWith("HTTP/1.1 200 ").endsWith("/a\n");
            assertThat(one.send(GET)).isEqualTo(first);
            assertThat(other.send(GET)).isEqualTo(first);
            assertThat(requests.get(1)).isSameAs(requests.get(0));
            assertThat(requests.get(2)).isSameAs(requests.get(0));
        }
    }

    @Test
    void whatIsNotJustOneRequestIsDecodedEachTime() {
        String post = "POST /a HTTP/1.1\r\nHost: known\r\nContent-Length: 1\r\n\r\nx";
        String two = "GET /b HTTP/1.1\r\nHost: known\r\n\r\n".repeat(2);
        String longer = "GET /" + "c".repeat(400) + " HTTP/1.1\r\nHost: known\r\nA: " + "a".repeat(700) + "\r\n\r\n";
        try (EmbeddedClient client = client()) {
            for (String text : List.of(post, two, longer)) {
                assertThat(client.send(text)).isEqualTo(client.send(text));
            }
        }
        assertThat(requests).doesNotHaveDuplicates();
    }

    @Test
    void aRequestThatComesInPiecesIsAnsweredAsOne() {
        try (EmbeddedClient client = client()) {
            String whole = client.send(GET);
            assertThat(client.send(GET.substring(0, 20))).isEmpty();
            // By itself this would be known, and is not what was asked.
            assertThat(client.send(GET.substring(20) + GET)).isEqualTo(whole + whole);
            assertThat(client.send("G")).isEmpty();
            assertThat(client.send(GET)).startsWith("HTTP/1.1 ").isNotEqualTo(whole);
        }
    }

    @Test
    void whatLooksAlikeIsNotTheSame() {
        try (EmbeddedClient client = client()) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(client.send("GET /" + i % 300 + " HTTP/1.1\r\nHost: known\r\n\r\n"))
                        .endsWith("\r\n\r\n/" + i % 300 + "\n");
            }
        }
    }

    @Test
    void theHashAloneProvesNothing() {
        KnownRequests known = new KnownRequests();
        // Two texts of one hash.
        byte[] text = "Aa".getBytes(ISO_8859_1);
        byte[] twin = "BB".getBytes(ISO_8859_1);
        known.keep(text, new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
        assertThat(known.find(Unpooled.wrappedBuffer(text))).isNotNull();
        assertThat(known.find(Unpooled.wrappedBuffer(twin))).isNull();
        assertThat(known.find(Unpooled.wrappedBuffer(text, new byte[] {1}))).isNull();
    }
}
