package xiu.http.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.HttpSettings;

/** Request bodies in chunks, whose framing is the client's to choose and may be most of what it sends. */
class ChunkedBodyTest {
    private static final String HEAD = "GET /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final List<byte[]> bodies = new ArrayList<>();
    private final HttpRoute route = HttpRoute.get("/body", exchange -> {
        bodies.add(exchange.body());
        exchange.answer(HttpReply.status(HttpResponseStatus.OK).empty());
    });

    private EmbeddedClient client(long bodyBytes) {
        HttpSettings settings = new HttpSettings(
                512,
                1024,
                bodyBytes,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofHours(1));
        return new EmbeddedClient(settings, List.of(route));
    }

    @Test
    void aBodyInChunksOfOneByteTakesLinearTime() {
        int bytes = 512 << 10;
        try (EmbeddedClient client = client(16 << 20)) {
            String request = HEAD + "1\r\na\r\n".repeat(bytes) + "0\r\n\r\n";
            // The client and the server are in this thread; what else the machine does must not count.
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long began = threads.getCurrentThreadCpuTime();
            assertThat(EmbeddedClient.status(client.send(request))).isEqualTo("200");
            assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - began))
                    .isLessThan(Duration.ofSeconds(10));
        }
        assertThat(bodies).singleElement().satisfies(body -> assertThat(body).hasSize(bytes));
    }

    /** One byte of body is six on the wire. */
    @Test
    void theLimitCountsTheFramingToo() {
        try (EmbeddedClient client = client(60)) {
            assertThat(EmbeddedClient.status(client.send(HEAD + "1\r\na\r\n".repeat(10) + "0\r\n\r\n")))
                    .isEqualTo("200");
            assertThat(EmbeddedClient.status(client.send(HEAD + "1\r\na\r\n".repeat(11) + "0\r\n\r\n")))
                    .isEqualTo("413");
            assertThat(client.isOpen()).isFalse();
        }
        assertThat(bodies).hasSize(1);
    }

    @Test
    void extensionsOfChunksCountToo() {
        try (EmbeddedClient client = client(60)) {
            assertThat(EmbeddedClient.status(client.send(HEAD + "1;name=" + "x".repeat(60) + "\r\na\r\n0\r\n\r\n")))
                    .isEqualTo("413");
        }
    }

    @Test
    void fieldsBehindTheBodyCountToo() {
        try (EmbeddedClient client = client(60)) {
            assertThat(EmbeddedClient.status(client.send(HEAD + "1\r\na\r\n0\r\nX: " + "x".repeat(60) + "\r\n\r\n")))
                    .isEqualTo("413");
        }
    }

    @Test
    void whatCameBeforeTheBodyDoesNotCount() {
        try (EmbeddedClient client = client(60)) {
            String text = HEAD + "32\r\n" + "a".repeat(50) + "\r\n0\r\n\r\n";
            for (int i = 0; i < text.length() - 1; i++) {
                assertThat(client.send(text.substring(i, i + 1))).isEmpty();
            }
            assertThat(EmbeddedClient.status(client.send("\n"))).isEqualTo("200");
            assertThat(EmbeddedClient.status(client.send(text))).isEqualTo("200");
        }
        assertThat(bodies).hasSize(2).allSatisfy(body -> assertThat(body).hasSize(50));
    }
}
