package xiu.http.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xiu.http.HttpReplies;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.HttpStream;

class WebSocketTest {
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String[] FIELDS = {
        "Upgrade: websocket\r\n", "Connection: keep-alive, Upgrade\r\n", "Sec-WebSocket-Version: 13\r\n", KEY
    };

    private final List<String> closed = new ArrayList<>();
    private @Nullable HttpStream socket;
    private final EmbeddedClient client = new EmbeddedClient(HttpRoute.get("/socket", exchange -> {
        if (!exchange.wantsWebSocket()) {
            exchange.answer(HttpReplies.MISSING);
        } else {
            socket = exchange.upgrade(cause -> closed.add(String.valueOf(cause)));
            flush(socket);
        }
    }));

    @AfterEach
    void close() {
        client.close();
    }

    private String open() {
        return client.get("/socket", FIELDS);
    }

    /** Sends bytes given in hexadecimal and returns what came back in the same way. */
    private String exchange(String hex) {
        client.channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", ""))));
        return HexFormat.of().formatHex(client.received().getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void theHandshakeIsThatOfTheSpecification() {
        // RFC 6455 §1.3.
        assertThat(open())
                .isEqualTo("HTTP/1.1 101 Switching Protocols\r\nAccess-Control-Allow-Origin: *\r\n"
                        + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
        assertThat(client.channel.pipeline().get(HttpConnection.class)).isNull();
        assertThat(client.channel.pipeline().get(RequestDecoder.class)).isNull();
        assertThat(client.channel.pipeline().lastContext().handler()).isSameAs(socket);
    }

    @Test
    void theFirstSubprotocolIsTaken() {
        assertThat(client.get("/socket", FIELDS[0], FIELDS[1], FIELDS[2], KEY, "Sec-WebSocket-Protocol: flv, x\r\n"))
                .contains("\r\nSec-WebSocket-Protocol: flv\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sec-WebSocket-Version: 8~Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | 426",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | 426",
                "Sec-WebSocket-Version: 13 | 400",
                "Sec-WebSocket-Version: 13~Sec-WebSocket-Key: c2hvcnQ= | 400",
                "Sec-WebSocket-Version: 13~Sec-WebSocket-Key: *** | 400",
            })
    void aWrongHandshakeIsRefused(String fields, String status) {
        String reply = client.get("/socket", FIELDS[0], FIELDS[1], fields.replace("~", "\r\n") + "\r\n");
        assertThat(EmbeddedClient.status(reply)).isEqualTo(status);
        assertThat(reply.contains("Sec-WebSocket-Version: 13\r\n")).isEqualTo(status.equals("426"));
    }

    @Test
    void pingsAreAnsweredAndEverythingElseIsDropped() {
        open();
        assertThat(exchange("89 85 00000000 68656c6c6f")).isEqualTo("8a0568656c6c6f");
        assertThat(exchange("89 80 01020304")).isEqualTo("8a00");
        assertThat(exchange("81 82 00000000 6869")).isEmpty();
        assertThat(exchange("01 82 00000000 6869 80 82 00000000 6869")).isEmpty();
        assertThat(exchange("8a 80 00000000")).isEmpty();
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void framesSentWithTheHandshakeAreNotLost() {
        String ping = "\u0089\u0080\u0000\u0000\u0000\u0000";
        String reply = client.send("GET /socket HTTP/1.1\r\nHost: a\r\n" + String.join("", FIELDS) + "\r\n" + ping);
        assertThat(reply).startsWith("HTTP/1.1 101").endsWith("\r\n\r\n\u008a\u0000");
    }

    @Test
    void aClosingClientGetsItsStatusBackAndTheEnd() {
        open();
        assertThat(exchange("88 82 00000000 03e8")).isEqualTo("880203e8");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aCloseWithoutStatusIsAnsweredWithout() {
        open();
        assertThat(exchange("88 80 00000000")).isEqualTo("8800");
        assertThat(client.isOpen()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "89 00, unmasked",
        "c1 80 00000000, reserved bit",
        "83 80 00000000, reserved opcode",
        "89 fe 007e 00000000, long ping",
        "09 80 00000000, fragmented ping",
        "82 ff 0000000000010001 00000000, beyond 64 KiB",
        "82 ff ffffffffffffffff 00000000, negative length",
        "80 80 00000000, continuation of nothing",
    })
    void whoBreaksTheProtocolIsToldAndClosed(String frame, String what) {
        open();
        assertThat(exchange(frame)).as(what).isEqualTo("880203ea");
        client.pass(Duration.ofSeconds(3));
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void ourClosingWaitsForTheClientsAMomentOnly() {
        open();
        socket.end(HttpStream.Ending.COMPLETE);
        assertThat(exchange("")).isEqualTo("880203e8");
        client.pass(Duration.ofMillis(1_900));
        assertThat(client.isOpen()).isTrue();
        client.pass(Duration.ofMillis(200));
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void ourClosingEndsWithTheClients() {
        open();
        socket.end(HttpStream.Ending.GOING_AWAY);
        assertThat(exchange("")).isEqualTo("880203e9");
        exchange("88 82 00000000 03e9");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aClientThatPingsAndDoesNotReadGetsNoQueueOfPongs() {
        open();
        client.channel.pipeline().addFirst(new HoldBack());
        String ping = "\u0089\u00fd" + "\u0000".repeat(4) + "x".repeat(125);
        for (int i = 0; i < 100; i++) {
            client.send(ping.repeat(100));
        }
        long queued = client.channel.unsafe().outboundBuffer().totalPendingWriteBytes();
        assertThat(queued).isLessThan(128 * 1024);
        client.channel.pipeline().remove(HoldBack.class);
    }

    @Test
    void rubbishNeverGetsPastThePeer() {
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            EmbeddedClient other =
                    new EmbeddedClient(HttpRoute.get("/socket", exchange -> flush(exchange.upgrade(cause -> {}))));
            other.get("/socket", FIELDS);
            byte[] rubbish = new byte[random.nextInt(64)];
            random.nextBytes(rubbish);
            if (rubbish.length > 1 && random.nextBoolean()) {
                rubbish[0] = (byte) (0x80 | random.nextInt(12));
                rubbish[1] = (byte) (0x80 | random.nextInt(64));
            }
            if (other.isOpen()) {
                other.channel.writeInbound(Unpooled.wrappedBuffer(rubbish));
            }
            Object passed = other.channel.readInbound();
            assertThat(passed).isNull();
            other.close();
        }
    }

    private static void flush(@Nullable HttpStream stream) {
        if (stream != null) {
            stream.channel().flush();
        }
    }

    @Test
    void anEndlessBodyHasAHeadAndThenBytes() {
        EmbeddedClient other = new EmbeddedClient(HttpRoute.get("/flv", exchange -> {
            HttpReply head = HttpReply.status(io.netty.handler.codec.http.HttpResponseStatus.OK)
                    .type("video/x-flv")
                    .endless();
            HttpStream stream = exchange.stream(head, cause -> {});
            assertThat(stream).isNotNull();
            ByteBuf body = Unpooled.copiedBuffer("FLV", StandardCharsets.US_ASCII);
            stream.channel().writeAndFlush(body);
        }));
        assertThat(other.get("/flv"))
                .isEqualTo("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: video/x-flv\r\n"
                        + "Connection: close\r\n\r\nFLV");
        other.pass(Duration.ofHours(1));
        assertThat(other.isOpen()).isTrue();
        other.close();
    }

    @Test
    void theOwnerIsToldOnceThatTheClientLeaves() {
        open();
        exchange("88 82 00000000 03e8");
        assertThat(client.isOpen()).isFalse();
        assertThat(closed).containsExactly("null");
    }

    @Test
    void theOwnerOfABodyIsToldOnceWhatBrokeTheConnection() {
        EmbeddedClient other = new EmbeddedClient(HttpRoute.get(
                "/flv",
                exchange -> exchange.stream(
                        HttpReply.status(io.netty.handler.codec.http.HttpResponseStatus.OK)
                                .endless(),
                        cause -> closed.add(String.valueOf(cause)))));
        other.get("/flv");
        other.channel.pipeline().fireExceptionCaught(new IOException("reset"));
        assertThat(other.isOpen()).isFalse();
        assertThat(closed).containsExactly("java.io.IOException: reset");
        other.close();
    }

    @Test
    void whoTakesNothingOfTheLastBytesIsClosedInTime() {
        HttpStream[] stream = new HttpStream[1];
        EmbeddedClient other = new EmbeddedClient(HttpRoute.get(
                "/flv",
                exchange -> stream[0] = exchange.stream(
                        HttpReply.status(io.netty.handler.codec.http.HttpResponseStatus.OK)
                                .endless(),
                        cause -> closed.add("closed"))));
        other.channel.pipeline().addFirst(new HoldBack());
        other.get("/flv");
        stream[0].channel().write(Unpooled.copiedBuffer("FLV", StandardCharsets.US_ASCII));
        stream[0].end(HttpStream.Ending.COMPLETE);
        other.pass(Duration.ofMillis(4_900));
        assertThat(other.isOpen()).isTrue();
        other.pass(Duration.ofMillis(200));
        assertThat(other.isOpen()).isFalse();
        assertThat(closed).containsExactly("closed");
        other.close();
    }
}
