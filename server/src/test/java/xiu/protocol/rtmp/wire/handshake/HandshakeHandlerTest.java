package xiu.protocol.rtmp.wire.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.protocol.rtmp.wire.handshake.HandshakeDigest.End;
import xiu.protocol.rtmp.wire.handshake.HandshakeDigest.Schema;

class HandshakeHandlerTest {
    private static final int BYTES = 1536;

    private int done;
    private int late;
    private final EmbeddedChannel server =
            new EmbeddedChannel(new HandshakeHandler(Duration.ofSeconds(5), context -> done++, context -> late++));

    @AfterEach
    void nothingIsLeft() {
        server.finishAndReleaseAll();
    }

    private static byte[] simpleC1() {
        byte[] c1 = new byte[BYTES];
        new Random(1).nextBytes(c1);
        Arrays.fill(c1, 4, 8, (byte) 0);
        return c1;
    }

    private static byte[] greeting(byte[] c1) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(new byte[] {3}, c1));
    }

    private byte[] answer() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = server.readOutbound(); part != null; part = server.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        return ByteBufUtil.getBytes(all);
    }

    @Test
    void answersASimpleHandshakeWithAnEcho() {
        byte[] c1 = simpleC1();
        server.writeInbound(Unpooled.wrappedBuffer(greeting(c1)));
        byte[] answer = answer();
        assertThat(answer).hasSize(1 + 2 * BYTES).startsWith(3).endsWith(c1);
        assertThat(Arrays.copyOfRange(answer, 5, 9)).containsOnly(0);
        assertThat(done).isZero();
        server.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(answer, 1, 1 + BYTES)));
        assertThat(done).isOne();
        assertThat(server.pipeline().get(HandshakeHandler.class)).isNull();
    }

    @Test
    void takesAllAtOnceAndHandsOnWhatFollows() {
        byte[] rest = {0x42, 0x43};
        server.writeInbound(Unpooled.wrappedBuffer(greeting(simpleC1()), new byte[BYTES], rest));
        assertThat(done).isOne();
        ByteBuf passed = server.readInbound();
        assertThat(ByteBufUtil.getBytes(passed)).isEqualTo(rest);
        passed.release();
    }

    @Test
    void takesItByteByByte() {
        byte[] all = ByteBufUtil.getBytes(Unpooled.wrappedBuffer(greeting(simpleC1()), new byte[BYTES]));
        for (int i = 0; i < all.length; i++) {
            assertThat(done).isZero();
            server.writeInbound(Unpooled.wrappedBuffer(all, i, 1));
        }
        assertThat(done).isOne();
        assertThat(answer()).hasSize(1 + 2 * BYTES);
    }

    @ParameterizedTest
    @EnumSource
    void answersADigestInTheSchemaOfTheClient(Schema schema) {
        byte[] c1 = simpleC1();
        c1[4] = 9;
        c1[6] = 124;
        HandshakeDigest.sign(c1, schema, End.CLIENT);
        server.writeInbound(Unpooled.wrappedBuffer(greeting(c1)));
        byte[] answer = answer();
        byte[] s1 = Arrays.copyOfRange(answer, 1, 1 + BYTES);
        byte[] s2 = Arrays.copyOfRange(answer, 1 + BYTES, answer.length);
        assertThat(HandshakeDigest.verify(s1, End.SERVER)).isEqualTo(schema);
        byte[] expected = s2.clone();
        HandshakeDigest.signAnswer(expected, c1, schema, End.SERVER);
        assertThat(s2).isEqualTo(expected).isNotEqualTo(c1);
    }

    @Test
    void treatsAWrongDigestAsASimpleHandshake() {
        byte[] c1 = simpleC1();
        c1[4] = 9;
        server.writeInbound(Unpooled.wrappedBuffer(greeting(c1)));
        assertThat(answer()).endsWith(c1);
    }

    @Test
    void knowsADigestThatAnotherImplementationMade() {
        byte[] c1 = HandshakeVectors.digestFirst();
        assertThat(HandshakeDigest.verify(c1, End.CLIENT)).isEqualTo(Schema.DIGEST_FIRST);
        c1[1000]++;
        assertThat(HandshakeDigest.verify(c1, End.CLIENT)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "\u0016\u0003\u0001", "\u0006", "\u0000", "SSH-2.0"})
    void closesAtOnceWhatIsNotRtmp(String first) {
        server.writeInbound(Unpooled.copiedBuffer(first, StandardCharsets.ISO_8859_1));
        assertThat(server.isOpen()).isFalse();
        assertThat(answer()).isEmpty();
        assertThat(done).isZero();
    }

    @Test
    void closesAtTheDeadline() {
        server.writeInbound(Unpooled.wrappedBuffer(new byte[] {3, 1, 2, 3}));
        for (int second = 0; second < 4; second++) {
            server.advanceTimeBy(1, TimeUnit.SECONDS);
            server.runScheduledPendingTasks();
            // Bytes that drip win no time.
            server.writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));
        }
        assertThat(server.isOpen()).isTrue();
        assertThat(late).isZero();
        server.advanceTimeBy(1, TimeUnit.SECONDS);
        server.runScheduledPendingTasks();
        assertThat(server.isOpen()).isFalse();
        assertThat(late).isOne();
    }

    @Test
    void hasNoDeadlineOnceItIsDone() {
        server.writeInbound(Unpooled.wrappedBuffer(greeting(simpleC1()), new byte[BYTES]));
        server.advanceTimeBy(1, TimeUnit.MINUTES);
        server.runScheduledPendingTasks();
        assertThat(server.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1536, 4000})
    void agreesWithTheClientHoweverTheBytesAreCut(int piece) {
        int[] clientDone = {0};
        EmbeddedChannel client =
                new EmbeddedChannel(new ClientHandshakeHandler(context -> clientDone[0]++, cause -> {}));
        for (int i = 0; i < 4; i++) {
            pass(client, server, piece);
            pass(server, client, piece);
        }
        assertThat(done).isOne();
        assertThat(clientDone[0]).isOne();
        client.finishAndReleaseAll();
    }

    private static void pass(EmbeddedChannel from, EmbeddedChannel to, int piece) {
        for (ByteBuf part = from.readOutbound(); part != null; part = from.readOutbound()) {
            while (part.isReadable()) {
                to.writeInbound(part.readBytes(Math.min(piece, part.readableBytes())));
            }
            part.release();
        }
    }

    @Test
    void theHandlerBehindGetsTheRestOfTheBytesInTheSameRead() {
        StringBuilder seen = new StringBuilder();
        EmbeddedChannel channel = new EmbeddedChannel(new HandshakeHandler(
                Duration.ofSeconds(5),
                context -> context.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext to, Object message) {
                        ByteBuf bytes = (ByteBuf) message;
                        seen.append(ByteBufUtil.hexDump(bytes));
                        bytes.release();
                    }
                }),
                context -> late++));
        channel.writeInbound(Unpooled.wrappedBuffer(greeting(simpleC1()), new byte[BYTES], new byte[] {1, 2}));
        assertThat(seen).hasToString("0102");
        channel.finishAndReleaseAll();
    }
}
