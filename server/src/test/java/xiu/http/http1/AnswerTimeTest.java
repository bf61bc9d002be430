package xiu.http.http1;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static xiu.http.http1.EmbeddedClient.status;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.http.HttpExchange;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;

/** Every request is answered by a time, whoever forgets it. */
class AnswerTimeTest {
    private static final HttpReply HELLO = HttpReply.status(OK).text("hello");

    private static final HttpSettings SETTINGS = new HttpSettings(
            512,
            1024,
            32,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(90),
            Duration.ofHours(1),
            Duration.ofHours(1));

    private final List<HttpExchange> held = new ArrayList<>();
    private final CompletableFuture<String> awaited = new CompletableFuture<>();
    private final EmbeddedClient client = new EmbeddedClient(
            SETTINGS,
            List.of(
                    HttpRoute.get("/hello", exchange -> exchange.answer(HELLO)),
                    HttpRoute.get("/forgotten", held::add),
                    HttpRoute.get(
                            "/awaited",
                            exchange -> exchange.await(awaited, (value, failure) -> exchange.answer(HELLO))),
                    HttpRoute.get("/long", exchange -> {
                        exchange.answerWithin(Duration.ofMinutes(5));
                        held.add(exchange);
                    }),
                    HttpRoute.get("/short", exchange -> {
                        exchange.answerWithin(Duration.ofSeconds(1));
                        held.add(exchange);
                    })));

    @AfterEach
    void close() {
        client.close();
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            client.pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void aRequestThatNobodyAnswersIsAnsweredInTimeAndTheConnectionGoesOn() {
        client.get("/forgotten");
        pass(89);
        assertThat(client.received()).isEmpty();
        pass(2);
        assertThat(status(client.received())).isEqualTo("503");
        assertThat(status(client.get("/hello"))).isEqualTo("200");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void whoAnswersTooLateIsNotHeardAndNotBlamed() {
        client.get("/forgotten");
        pass(91);
        assertThat(status(client.received())).isEqualTo("503");
        assertThat(held.getFirst().isAbandoned()).isTrue();
        held.getFirst().answer(HELLO);
        assertThat(client.received()).isEmpty();
        assertThat(status(client.get("/hello"))).isEqualTo("200");
    }

    @Test
    void whatIsWaitedForIsCancelled() {
        client.get("/awaited");
        pass(91);
        assertThat(awaited).isCancelled();
        assertThat(status(client.received())).isEqualTo("503");
    }

    @Test
    void aRouteMayAskForLonger() {
        client.get("/long");
        pass(299);
        assertThat(client.received()).isEmpty();
        pass(2);
        assertThat(status(client.received())).isEqualTo("503");
    }

    @Test
    void askingForLessChangesNothing() {
        client.get("/short");
        pass(89);
        assertThat(client.received()).isEmpty();
        held.getFirst().answer(HELLO);
        assertThat(status(client.received())).isEqualTo("200");
    }

    @Test
    void theTimeOfEachRequestIsItsOwn() {
        for (int i = 0; i < 5; i++) {
            client.get("/forgotten");
            pass(60);
            held.getLast().answer(HELLO);
            assertThat(status(client.received())).isEqualTo("200");
        }
        client.get("/long");
        pass(280);
        held.getLast().answer(HELLO);
        assertThat(status(client.received())).isEqualTo("200");
        client.get("/forgotten");
        pass(91);
        assertThat(status(client.received())).isEqualTo("503");
    }

    @Test
    void requestsSentAheadAreAnsweredBehindTheLateOne() {
        client.send("GET /forgotten HTTP/1.1\r\nHost: a\r\n\r\n" + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3));
        pass(91);
        String replies = client.received();
        assertThat(status(replies)).isEqualTo("503");
        assertThat(replies.split("hello", -1)).hasSize(4);
    }

    /** The one before is small enough that the next request is taken, and stays with Netty. */
    @Test
    void anAnswerThatIsStillBeingTakenDoesNotPutOffTheTimeOfTheNext() {
        TrickleChannel slow = new TrickleChannel();
        slow.freezeTime();
        HttpRoute small = HttpRoute.get(
                "/small", exchange -> exchange.answer(HttpReply.status(OK).body(new byte[4_000])));
        new HttpPipeline(SETTINGS, new HttpRouter(List.of(small, HttpRoute.get("/forgotten", held::add))), first -> {})
                .install(slow);
        slow.writeInbound(Unpooled.copiedBuffer(
                "GET /small HTTP/1.1\r\nHost: a\r\n\r\nGET /forgotten HTTP/1.1\r\nHost: a\r\n\r\n",
                StandardCharsets.US_ASCII));
        assertThat(held).hasSize(1);
        for (int second = 0; second < 95; second++) {
            if (second < 90) {
                assertThat(held.getFirst().isAbandoned())
                        .as("after %d s", second)
                        .isFalse();
            }
            slow.take(1);
            slow.advanceTimeBy(1, TimeUnit.SECONDS);
            slow.runScheduledPendingTasks();
        }
        assertThat(held.getFirst().isAbandoned()).isTrue();
        slow.finishAndReleaseAll();
    }
}
