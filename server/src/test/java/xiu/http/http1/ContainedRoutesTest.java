package xiu.http.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static xiu.http.http1.EmbeddedClient.status;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.transport.trouble.Faults;

/** Whatever a route throws, and whenever: its request is answered with 500, or its connection closed. */
class ContainedRoutesTest {
    private static final HttpReply HELLO =
            HttpReply.status(io.netty.handler.codec.http.HttpResponseStatus.OK).text("hello");

    private final CompletableFuture<String> later = new CompletableFuture<>();
    private final EmbeddedClient client = new EmbeddedClient(
            HttpRoute.get("/hello", exchange -> exchange.answer(HELLO)),
            HttpRoute.get("/error", exchange -> {
                throw new StackOverflowError("planted");
            }),
            HttpRoute.finding("/lost", path -> {
                throw new StackOverflowError("planted");
            }),
            HttpRoute.get(
                    "/later",
                    exchange -> exchange.await(later, (value, failure) -> {
                        throw new StackOverflowError("planted");
                    })),
            HttpRoute.get("/after", exchange -> {
                exchange.answer(HELLO);
                throw new StackOverflowError("planted");
            }),
            HttpRoute.get(
                    "/left",
                    exchange -> exchange.onAbandoned(() -> {
                        throw new StackOverflowError("planted");
                    })));

    private final long faults = Faults.count("fault_http");

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void anErrorOfARouteIsA500AndTheConnectionGoesOn() {
        assertThat(status(client.get("/error"))).isEqualTo("500");
        assertThat(status(client.get("/lost"))).isEqualTo("500");
        assertThat(status(client.get("/hello"))).isEqualTo("200");
        assertThat(Faults.count("fault_http")).isEqualTo(faults + 2);
    }

    @Test
    void aContinuationThatThrowsIsA500() {
        assertThat(client.get("/later")).isEmpty();
        later.complete("now");
        assertThat(status(client.received())).isEqualTo("500");
        assertThat(status(client.get("/hello"))).isEqualTo("200");
    }

    @Test
    void aContinuationThatThrowsOnAnotherThreadIsA500() throws Exception {
        assertThat(client.get("/later")).isEmpty();
        Thread other = Thread.ofPlatform().start(() -> later.completeExceptionally(new IllegalStateException("no")));
        other.join();
        client.pass(Duration.ZERO);
        assertThat(status(client.received())).isEqualTo("500");
    }

    @Test
    void aFaultBehindTheAnswerClosesTheConnection() {
        client.get("/after");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aFaultAboutAClientThatHasLeftIsContained() {
        client.get("/left");
        client.channel.close();
        client.channel.checkException();
        assertThat(Faults.count("fault_http")).isEqualTo(faults + 1);
    }
}
