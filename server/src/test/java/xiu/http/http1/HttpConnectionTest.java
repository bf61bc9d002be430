package xiu.http.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.http.HttpExchange;
import xiu.http.HttpReplies;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;

class HttpConnectionTest {
    private static final HttpReply HELLO = HttpReply.status(io.netty.handler.codec.http.HttpResponseStatus.OK)
            .type("text/plain")
            .text("hello");
    private static final String HELLO_HEAD = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n"
            + "Content-Type: text/plain\r\nContent-Length: 5\r\n";

    private final List<HttpExchange> held = new ArrayList<>();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final EmbeddedClient client = new EmbeddedClient(
            HttpRoute.get("/hello", exchange -> exchange.answer(HELLO)),
            HttpRoute.get("/hold", exchange -> {
                exchange.onAbandoned(abandoned::incrementAndGet);
                held.add(exchange);
            }),
            HttpRoute.get("/fault", exchange -> {
                throw new IllegalStateException("on purpose");
            }));

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aRequestIsAnsweredAndTheConnectionKept() {
        for (int i = 0; i < 3; i++) {
            assertThat(client.get("/hello")).isEqualTo(HELLO_HEAD + "\r\nhello");
        }
        assertThat(client.isOpen()).isTrue();
        assertThat(client.established).hasSize(1);
    }

    @Test
    void everyReplySaysTheTime() {
        client.channel.writeInbound(
                io.netty.buffer.Unpooled.copiedBuffer("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".getBytes()));
        io.netty.buffer.ByteBuf reply = client.channel.readOutbound();
        assertThat(reply.toString(java.nio.charset.StandardCharsets.US_ASCII))
                .containsPattern("\r\nDate: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z]{2} \\d{4} "
                        + "\\d\\d:\\d\\d:\\d\\d GMT\r\n");
        reply.release();
    }

    @Test
    void aReplyIsOneBufferAndOneFlush() {
        client.channel.writeInbound(
                io.netty.buffer.Unpooled.copiedBuffer("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".getBytes()));
        assertThat(client.channel.outboundMessages()).hasSize(1);
    }

    @Test
    void headHasTheFieldsOfGetAndNoBody() {
        assertThat(client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n")).isEqualTo(HELLO_HEAD + "\r\n");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void anOldClientIsClosedUnlessItAsksOtherwise() {
        assertThat(client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
                .isEqualTo(HELLO_HEAD + "Connection: keep-alive\r\n\r\nhello");
        assertThat(client.isOpen()).isTrue();
        assertThat(client.send("GET /hello HTTP/1.0\r\n\r\n")).isEqualTo(HELLO_HEAD + "Connection: close\r\n\r\nhello");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aClientThatWantsNoMoreIsClosed() {
        assertThat(client.get("/hello", "Connection: close\r\n"))
                .isEqualTo(HELLO_HEAD + "Connection: close\r\n\r\nhello");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void bytesMayComeOneByOne() {
        StringBuilder reply = new StringBuilder();
        for (char c : "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".toCharArray()) {
            reply.append(client.send(String.valueOf(c)));
        }
        assertThat(reply.toString()).isEqualTo(HELLO_HEAD + "\r\nhello");
    }

    @Test
    void requestsSentAheadAreAnsweredInOrder() {
        String request = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
        assertThat(client.send(request.repeat(1000))).isEqualTo((HELLO_HEAD + "\r\nhello").repeat(1000));
    }

    @Test
    void requestsSentAheadWaitForAHeldOne() {
        String ahead = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100);
        assertThat(client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n" + ahead)).isEmpty();
        assertThat(held).hasSize(1);
        held.getFirst().answer(HttpReplies.MISSING);
        String replies = client.received();
        assertThat(EmbeddedClient.status(replies)).isEqualTo("404");
        assertThat(replies.split("hello", -1)).hasSize(101);
    }

    @Test
    void aClientThatSendsTooFarAheadIsReadNoMoreUntilItsAnswerIsDue() {
        client.get("/hold");
        String ahead = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
        assertThat(client.send(ahead.repeat(70_000 / ahead.length()))).isEmpty();
        assertThat(client.channel.config().isAutoRead()).isFalse();
        held.getFirst().answer(HELLO);
        assertThat(client.received()).startsWith(HELLO_HEAD);
        assertThat(client.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void anAnswerMayComeLaterFromAnotherThread() throws Exception {
        client.get("/hold");
        Thread other = new Thread(() -> held.getFirst().answer(HELLO));
        other.start();
        other.join();
        client.channel.runPendingTasks();
        assertThat(client.received()).isEqualTo(HELLO_HEAD + "\r\nhello");
        assertThat(client.get("/hello")).isEqualTo(HELLO_HEAD + "\r\nhello");
    }

    @Test
    void aClientThatLeavesIsNoLongerWaitedFor() {
        client.get("/hold");
        client.channel.close();
        assertThat(abandoned).hasValue(1);
        held.getFirst().answer(HELLO);
        assertThat(client.received()).isEmpty();
    }

    @Test
    void aSecondAnswerIsOurOwnMistakeAndSaysSo() {
        client.get("/hold");
        held.getFirst().answer(HELLO);
        assertThatThrownBy(() -> held.getFirst().answer(HELLO)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFaultOfARouteIsA500AndTheConnectionGoesOn() {
        assertThat(EmbeddedClient.status(client.get("/fault"))).isEqualTo("500");
        assertThat(EmbeddedClient.status(client.get("/hello"))).isEqualTo("200");
    }

    @ParameterizedTest
    @CsvSource({
        "/nothing, 404",
        "/hello/, 404",
        "/, 404",
        "/..%2fhello, 400",
        "/%2e%2e/hello, 400",
        "//hello, 400",
        "/hello%00, 400",
        "/hello%zz, 400",
        "/hello%ff, 400",
        "hello, 400",
        "*, 400",
    })
    void pathsThatAreNotOursAreAnsweredAndTheConnectionGoesOn(String target, String status) {
        String reply = client.get(target);
        assertThat(EmbeddedClient.status(reply)).isEqualTo(status);
        assertThat(reply).contains("\r\nAccess-Control-Allow-Origin: *\r\n");
        assertThat(EmbeddedClient.status(client.get("/hello"))).isEqualTo("200");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /hello HTTP/1.1~~, 400",
        "GET /hello HTTP/1.1~Host: a~Host: b~~, 400",
        "GET /hello HTTP/2.0~~, 505",
        "PRI * HTTP/2.0~~SM~~, 505",
        "GET /hello FTP/1.1~Host: a~~, 400",
        "GET /hello~~, 400",
        "~~~GET~~, 400",
        "GET /hello HTTP/1.1~Host: a~ folded~~, 200",
        "GET /hello HTTP/1.1~Host: a~Bad Name: x~~, 400",
        "GET /hello HTTP/1.1~Host: a~No colon~~, 400",
        "POST /hello HTTP/1.1~Host: a~Content-Length: x~~, 400",
        "POST /hello HTTP/1.1~Host: a~Content-Length: -1~~, 400",
        "POST /hello HTTP/1.1~Host: a~Content-Length: 33~~, 413",
        "POST /hello HTTP/1.1~Host: a~Content-Length: 99999999999999999999~~, 400",
        "POST /hello HTTP/1.1~Host: a~Content-Length: 3~Transfer-Encoding: chunked~~0~~, 400",
        "POST /hello HTTP/1.1~Host: a~Transfer-Encoding: gzip~~, 400",
        "'POST /hello HTTP/1.1~Host: a~Transfer-Encoding: gzip, chunked~~', 501",
        "POST /hello HTTP/1.1~Host: a~Transfer-Encoding: chunked~~zz~~, 400",
        "GET /hello HTTP/1.1~Host: a~Expect: 200-ok~~, 417",
    })
    void requestsThatCannotBeReadAreAnsweredAndClosed(String request, String status) {
        String reply = client.send(request.replace("~", "\r\n"));
        assertThat(EmbeddedClient.status(reply)).isEqualTo(status);
        assertThat(reply).contains("\r\nAccess-Control-Allow-Origin: *\r\n");
        assertThat(client.isOpen()).isEqualTo(status.equals("200"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n",
                "\u0003\u0000\u0000\u0000\r\n"
            })
    void otherProtocolsAreClosed(String hello) {
        client.send(hello + "\r\n\r\n");
        client.pass(Duration.ofSeconds(10));
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aLongLineIs414AndLongFieldsAre431() {
        assertThat(EmbeddedClient.status(client.get("/" + "x".repeat(600)))).isEqualTo("414");
        EmbeddedClient other = new EmbeddedClient();
        assertThat(EmbeddedClient.status(other.get("/", "X: " + "y".repeat(1100) + "\r\n")))
                .isEqualTo("431");
        assertThat(other.isOpen()).isFalse();
        other.close();
    }

    @Test
    void anEndlessLineIsRefusedBeforeItEnds() {
        assertThat(EmbeddedClient.status(client.send("GET /" + "x".repeat(600))))
                .isEqualTo("414");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void wrongMethodsAreToldTheRightOnes() {
        for (String method : List.of("POST", "DELETE", "PUT", "TRACE", "BREW")) {
            String reply = client.send(method + " /hello HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(EmbeddedClient.status(reply)).isEqualTo("405");
            assertThat(reply).contains("\r\nAllow: GET, HEAD, OPTIONS\r\n");
        }
    }

    @Test
    void theBodyOfAWrongMethodIsSkipped() {
        String reply = client.send("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345"
                + "POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(reply.split("HTTP/1.1 405", -1)).hasSize(3);
        assertThat(reply).endsWith("hello");
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedWhenItsLengthWasNotToldEither() {
        String reply = client.send(
                "POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n30\r\n" + "x".repeat(48));
        assertThat(EmbeddedClient.status(reply)).isEqualTo("413");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aBodyOfManySmallChunksIsHeldToTheLimitAsAWhole() {
        client.send("POST /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 2; i++) {
            assertThat(client.send("8\r\n" + "x".repeat(8) + "\r\n")).isEmpty();
        }
        assertThat(EmbeddedClient.status(client.send("8\r\n" + "x".repeat(8) + "\r\n")))
                .isEqualTo("413");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aClientThatWaitsForPermissionGetsItOrA413() {
        assertThat(client.send("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"))
                .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
        assertThat(EmbeddedClient.status(client.send("12345"))).isEqualTo("405");
        assertThat(EmbeddedClient.status(client.send(
                        "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n")))
                .isEqualTo("413");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aPreflightAllowsWhatThePageAsksFor() {
        String reply = client.send("OPTIONS /hello HTTP/1.1\r\nHost: a\r\nOrigin: http://page\r\n"
                + "Access-Control-Request-Method: GET\r\n"
                + "Access-Control-Request-Headers: range, x-evil<script>, authorization\r\n"
                + "Access-Control-Request-Private-Network: true\r\n\r\n");
        assertThat(reply)
                .isEqualTo("HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n"
                        + "Allow: GET, HEAD, OPTIONS\r\nAccess-Control-Allow-Methods: GET, HEAD, OPTIONS\r\n"
                        + "Access-Control-Allow-Headers: authorization, range\r\n"
                        + "Access-Control-Max-Age: 86400\r\nAccess-Control-Allow-Private-Network: true\r\n\r\n");
        assertThat(EmbeddedClient.status(client.get("/hello"))).isEqualTo("200");
    }

    @Test
    void repeatedNamesInAPreflightAreNoFault() {
        String reply = client.send("OPTIONS /hello HTTP/1.1\r\nHost: a\r\nAccess-Control-Request-Method: GET\r\n"
                + "Access-Control-Request-Headers: range,range\r\n\r\n");
        assertThat(reply).contains("Access-Control-Allow-Headers: range\r\n");
    }

    @Test
    void theServerAsAWholeHasOptions() {
        assertThat(EmbeddedClient.status(client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")))
                .isEqualTo("204");
    }

    @Test
    void aClientThatSaysNothingIsClosedInTime() {
        client.pass(Duration.ofMillis(9_900));
        assertThat(client.isOpen()).isTrue();
        client.pass(Duration.ofMillis(350));
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aRequestThatDripsIsClosedInTime() {
        client.get("/hello");
        client.pass(Duration.ofSeconds(30));
        client.send("GET /hello HTTP/1.1\r\n");
        for (int i = 0; i < 9; i++) {
            client.pass(Duration.ofMillis(1_100));
            client.send("X: " + i + "\r\n");
        }
        assertThat(client.isOpen()).isTrue();
        client.pass(Duration.ofMillis(350));
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aBodyThatDripsIsClosedInTime() {
        client.send("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n");
        for (int i = 0; i < 9; i++) {
            client.pass(Duration.ofMillis(1_100));
            client.send("x");
        }
        client.pass(Duration.ofMillis(350));
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void checksOfManyConnectionsWakeTheLoopTogether() {
        client.pass(Duration.ofMillis(37));
        client.get("/hello");
        client.pass(Duration.ofSeconds(10));
        long left = client.channel.runScheduledPendingTasks();
        long next = client.channel.eventLoop().ticker().nanoTime() + left;
        assertThat(next % Duration.ofMillis(250).toNanos()).isZero();
    }

    @Test
    void aConnectionMayIdleBetweenRequestsForAWhile() {
        client.get("/hello");
        client.pass(Duration.ofSeconds(59));
        assertThat(EmbeddedClient.status(client.get("/hello"))).isEqualTo("200");
        client.pass(Duration.ofSeconds(59));
        assertThat(client.isOpen()).isTrue();
        client.pass(Duration.ofSeconds(2));
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aHeldRequestIsNotCutByTheTimersOfOthers() {
        client.get("/hold");
        client.pass(Duration.ofSeconds(200));
        held.getFirst().answer(HELLO);
        assertThat(EmbeddedClient.status(client.received())).isEqualTo("200");
        client.pass(Duration.ofSeconds(59));
        assertThat(client.isOpen()).isTrue();
        client.pass(Duration.ofSeconds(61));
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aStoppingServerClosesIdleConnectionsAndAnswersTheOthersFirst() {
        EmbeddedChannel idle = new EmbeddedChannel();
        new HttpPipeline(EmbeddedClient.SETTINGS, new HttpRouter(List.of()), first -> {}).install(idle);
        idle.pipeline().fireUserEventTriggered(HttpConnection.Stop.STOP);
        assertThat(idle.isOpen()).isFalse();
        client.get("/hold");
        client.channel.pipeline().fireUserEventTriggered(HttpConnection.Stop.STOP);
        assertThat(client.isOpen()).isTrue();
        held.getFirst().answer(HELLO);
        assertThat(client.received()).isEqualTo(HELLO_HEAD + "Connection: close\r\n\r\nhello");
        assertThat(client.isOpen()).isFalse();
    }
}
