package xiu.protocol.rtmp.wire.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.bytes.MalformedDataException;
import xiu.check.Damage;
import xiu.protocol.rtmp.wire.handshake.HandshakeDigest.End;
import xiu.protocol.rtmp.wire.handshake.HandshakeDigest.Schema;

/**
 * Handshakes with any damage, cut anywhere. An input is the length of the pieces, the schema of the digest, how many
 * bytes are left out at the end, and then what is changed: a place (two bytes) and a value, again and again.
 */
@Tag("fuzz")
class HandshakeFuzzTest {
    private static final int TOTAL = HandshakeHandler.TOTAL_BYTES;
    private static final int BEHIND = 3;

    private int done;
    private int failed;

    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "server", this::server);
        Damage.inflict(getClass(), "client", this::client);
    }

    @FuzzTest(maxDuration = "60s")
    void server(byte[] bytes) {
        speak(
                new HandshakeHandler(Duration.ofSeconds(5), context -> done++, context -> failed++),
                End.CLIENT,
                Unpooled.wrappedBuffer(bytes));
    }

    @FuzzTest(maxDuration = "60s")
    void client(byte[] bytes) {
        speak(
                new ClientHandshakeHandler(context -> done++, cause -> {
                    if (!(cause instanceof MalformedDataException || cause instanceof java.io.IOException)) {
                        throw new AssertionError(cause);
                    }
                    failed++;
                }),
                End.SERVER,
                Unpooled.wrappedBuffer(bytes));
    }

    /** Says the damaged conversation; the end is known from its length and its first byte alone. */
    private void speak(ChannelHandler listener, End speaker, ByteBuf input) {
        done = 0;
        failed = 0;
        int piece = 1 + 8 * next(input);
        byte[] words = words(speaker, input);
        EmbeddedChannel channel = new EmbeddedChannel(listener);
        for (int at = 0; at < words.length && channel.isOpen(); at += piece) {
            channel.writeInbound(Unpooled.wrappedBuffer(words, at, Math.min(piece, words.length - at)));
        }
        boolean rtmp = words.length > 0 && words[0] == 3;
        assertThat(done).isEqualTo(rtmp && words.length >= TOTAL ? 1 : 0);
        assertThat(channel.isOpen()).isEqualTo(rtmp || words.length == 0);
        int behind = 0;
        for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
            behind += part.readableBytes();
            part.release();
        }
        assertThat(behind).isEqualTo(done == 1 ? words.length - TOTAL : 0);
        channel.finishAndReleaseAll();
    }

    private static byte[] words(End speaker, ByteBuf input) {
        Random random = new Random(7);
        byte[] first = new byte[HandshakeDigest.BYTES];
        byte[] second = new byte[HandshakeDigest.BYTES];
        random.nextBytes(first);
        random.nextBytes(second);
        int schema = next(input) % 3;
        if (schema < 2) {
            HandshakeDigest.sign(first, Schema.values()[schema], speaker);
        } else {
            Arrays.fill(first, 4, 8, (byte) 0);
        }
        byte[] words = ByteBufUtil.getBytes(Unpooled.wrappedBuffer(new byte[] {3}, first, second, new byte[BEHIND]));
        int missing = next(input) * 13;
        while (input.readableBytes() >= 3) {
            words[input.readUnsignedShort() % words.length] = input.readByte();
        }
        return Arrays.copyOf(words, Math.max(0, words.length - missing));
    }

    private static int next(ByteBuf input) {
        return input.isReadable() ? input.readUnsignedByte() : 0;
    }
}
