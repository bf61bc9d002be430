package xiu.http.http1;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;

class HttpReplyTest {
    private static final int LARGE = 100_000;

    private final ByteBuf segment =
            PooledByteBufAllocator.DEFAULT.directBuffer(LARGE).writeZero(LARGE);
    private final HttpReply tagged = HttpReply.status(OK)
            .type("text/plain")
            .field("Cache-Control", "max-age=3")
            .etag("v7")
            .ranges()
            .text("0123456789");
    private final HttpReply untagged = HttpReply.status(OK).text("0123456789");
    private final HttpReply large = HttpReply.status(OK).ranges().body(segment);
    private final EmbeddedClient client = new EmbeddedClient(
            HttpRoute.get("/tagged", exchange -> exchange.answer(tagged)),
            HttpRoute.get("/untagged", exchange -> exchange.answer(untagged)),
            HttpRoute.get("/large", exchange -> exchange.answer(large)),
            HttpRoute.get(
                    "/gzip",
                    exchange -> exchange.answer(HttpReply.status(OK).text(String.valueOf(exchange.acceptsGzip())))),
            HttpRoute.finding(
                    "/request/{name}",
                    path -> exchange -> exchange.answer(HttpReply.status(OK)
                            .text(path.variable("name") + " " + exchange.query() + " "
                                    + exchange.queryParameter("a") + " " + exchange.bearer() + " "
                                    + exchange.method() + " "
                                    + exchange.connectionId().startsWith("http-")))));

    @AfterEach
    void nothingHoldsTheSegmentAnyMore() {
        client.close();
        assertThat(segment.refCnt()).isEqualTo(1);
        segment.release();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"v7\"",
                "W/\"v7\"",
                "*",
                "\"v6\", \"v7\"",
                "\"v6\" ,W/\"v7\"",
            })
    void aKnownVersionIsNotSentAgain(String known) {
        assertThat(client.get("/tagged", "If-None-Match: " + known + "\r\n"))
                .isEqualTo("HTTP/1.1 304 Not Modified\r\nAccess-Control-Allow-Origin: *\r\n"
                        + "Content-Type: text/plain\r\nCache-Control: max-age=3\r\nETag: \"v7\"\r\n"
                        + "Accept-Ranges: bytes\r\n\r\n");
        assertThat(EmbeddedClient.status(client.get("/tagged"))).isEqualTo("200");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"\"v6\"", "v7", "\"v77\"", "\"\""})
    void anUnknownVersionIsSent(String known) {
        assertThat(client.get("/tagged", "If-None-Match: " + known + "\r\n")).endsWith("\r\n\r\n0123456789");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3, 206, bytes 0-3/10, 0123",
        "bytes=7-, 206, bytes 7-9/10, 789",
        "bytes=7-99, 206, bytes 7-9/10, 789",
        "bytes=-2, 206, bytes 8-9/10, 89",
        "bytes=-99, 206, bytes 0-9/10, 0123456789",
        "bytes=9-9, 206, bytes 9-9/10, 9",
        "bytes=10-, 416, bytes */10, ''",
        "bytes=-0, 416, bytes */10, ''",
        "bytes=99999999999999999999-, 416, bytes */10, ''",
        "'bytes=0-1,3-4', 200, '', 0123456789",
        "bytes=3-1, 200, '', 0123456789",
        "bytes=-, 200, '', 0123456789",
        "bytes=x-1, 200, '', 0123456789",
        "lines=0-1, 200, '', 0123456789",
    })
    void aRangeIsCutOut(String range, String status, String contentRange, String body) {
        String reply = client.get("/tagged", "Range: " + range + "\r\n");
        assertThat(EmbeddedClient.status(reply)).isEqualTo(status);
        assertThat(reply).endsWith("Content-Length: " + body.length() + "\r\n\r\n" + body);
        if (contentRange.isEmpty()) {
            assertThat(reply).doesNotContain("Content-Range");
        } else {
            assertThat(reply).contains("\r\nContent-Range: " + contentRange + "\r\n");
        }
    }

    @Test
    void aRangeOfAnotherVersionIsTheWhole() {
        String other = client.get("/tagged", "Range: bytes=0-1\r\n", "If-Range: \"v6\"\r\n");
        assertThat(EmbeddedClient.status(other)).isEqualTo("200");
        String same = client.get("/tagged", "Range: bytes=0-1\r\n", "If-Range: \"v7\"\r\n");
        assertThat(EmbeddedClient.status(same)).isEqualTo("206");
    }

    @Test
    void whatHasNoRangesIsSentWhole() {
        assertThat(client.get("/untagged", "Range: bytes=0-1\r\n")).endsWith("\r\n\r\n0123456789");
    }

    @Test
    void largeBodiesAreSharedAndNotCopied() {
        client.channel.writeInbound(Unpooled.copiedBuffer("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".getBytes()));
        ByteBuf head = client.channel.readOutbound();
        ByteBuf body = client.channel.readOutbound();
        assertThat(head.toString(StandardCharsets.US_ASCII)).endsWith("\r\n\r\n");
        assertThat(body.readableBytes()).isEqualTo(LARGE);
        assertThat(body.memoryAddress()).isEqualTo(segment.memoryAddress());
        assertThat(segment.refCnt()).isEqualTo(2);
        head.release();
        body.release();
    }

    @Test
    void aLargeBodyIsCutAndLeftOutToo() {
        String part = client.get("/large", "Range: bytes=10-50009\r\n");
        assertThat(part).contains("Content-Range: bytes 10-50009/100000\r\n").contains("Content-Length: 50000\r\n");
        String head = client.send("HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(head).contains("Content-Length: 100000\r\n").endsWith("\r\n\r\n");
    }

    @Test
    void aClientThatAsksButDoesNotReadIsAnsweredNoMore() {
        EmbeddedClient slow = new EmbeddedClient(HttpRoute.get("/large", exchange -> exchange.answer(large)));
        slow.channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1000, 2000));
        slow.channel.pipeline().addFirst(new HoldBack());
        slow.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50));
        assertThat(segment.refCnt()).isEqualTo(2);
        slow.channel.pipeline().remove(HoldBack.class);
        slow.channel.flush();
        slow.channel.runPendingTasks();
        assertThat(slow.received().split("HTTP/1.1 200 OK", -1)).hasSize(51);
        slow.close();
    }

    @Test
    void aClientThatNeverTakesItsAnswerIsClosed() {
        EmbeddedClient slow = new EmbeddedClient(HttpRoute.get("/large", exchange -> exchange.answer(large)));
        slow.channel.pipeline().addFirst(new HoldBack());
        slow.get("/large");
        slow.pass(Duration.ofSeconds(61));
        slow.pass(Duration.ofSeconds(61));
        assertThat(slow.isOpen()).isFalse();
        slow.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br | true",
                "deflate;q=1, gzip;q=0.5 | true",
                "* | true",
                "GZIP | true",
                "deflate | false",
                "gzip;q=0 | false",
                "gzip; q=0.000, * | false",
                "identity | false",
                "xgzip | false",
            })
    void gzipIsForThoseWhoTakeIt(String field, String accepted) {
        assertThat(client.get("/gzip", "Accept-Encoding: " + field + "\r\n")).endsWith("\r\n\r\n" + accepted);
    }

    @Test
    void anExchangeTellsWhatWasAsked() {
        assertThat(client.get("/request/n%C3%A4me?a=1%202&b", "Authorization: bearer abc=\r\n"))
                .endsWith("\r\n\r\n"
                        + new String(
                                "näme a=1%202&b 1 2 abc= GET true".getBytes(StandardCharsets.UTF_8),
                                StandardCharsets.ISO_8859_1));
        assertThat(client.get("/request/x", "Authorization: Basic abc=\r\n")).endsWith("\r\n\r\nx  null  GET true");
    }

    @Test
    void aFieldCannotSmuggleAnother() {
        assertThatThrownBy(() -> HttpReply.status(OK).field("X", "a\r\nSet-Cookie: b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theDateIsWrittenAsItMustBe() {
        Clock clock = Clock.fixed(Instant.parse("1994-11-06T08:49:37.9Z"), ZoneOffset.ofHours(5));
        assertThat(new String(new HttpClock(clock).line(), StandardCharsets.US_ASCII))
                .isEqualTo("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    }
}
