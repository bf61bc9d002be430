package xiu.http.http1;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static java.nio.file.StandardOpenOption.READ;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;

/** Clients that take long for a large body: as bytes, and as part of a file. */
class SlowReaderTest {
    private static final int BODY = 1_000_000;
    private static final String GET = "GET /body HTTP/1.1\r\nHost: a\r\n\r\n";

    private final TrickleChannel channel = new TrickleChannel();
    private final HttpReply body = HttpReply.status(OK).body(new byte[BODY]);
    private int answered;

    @TempDir
    private Path folder;

    /** Writes large bodies as parts of a file, as the epoll engine has it for segments. */
    private static final class AsFiles extends ChannelOutboundHandlerAdapter {
        private final Path file;

        AsFiles(Path file) {
            this.file = file;
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws IOException {
            if (message instanceof ByteBuf bytes && bytes.readableBytes() == BODY) {
                bytes.release();
                context.write(new DefaultFileRegion(FileChannel.open(file, READ), 0, BODY), promise);
            } else {
                context.write(message, promise);
            }
        }
    }

    @BeforeEach
    void connect() {
        channel.freezeTime();
        HttpRoute route = HttpRoute.get("/body", exchange -> {
            answered++;
            exchange.answer(body);
        });
        new HttpPipeline(EmbeddedClient.SETTINGS, new HttpRouter(List.of(route)), first -> {}).install(channel);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void ask(boolean asFiles, int times) throws IOException {
        if (asFiles) {
            channel.pipeline().addFirst(new AsFiles(Files.write(folder.resolve("body"), new byte[BODY])));
        }
        channel.writeInbound(Unpooled.copiedBuffer(GET.repeat(times), StandardCharsets.US_ASCII));
    }

    private void aMinutePasses() {
        channel.advanceTimeBy(61, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoTakesALittleNowAndThenGetsAll(boolean asFiles) throws IOException {
        ask(asFiles, 1);
        for (int taken = 0; taken < BODY; taken += 100_000) {
            assertThat(channel.isOpen()).isTrue();
            channel.take(100_000);
            aMinutePasses();
        }
        assertThat(channel.isOpen()).isTrue();
        channel.take(1_000);
        assertThat(channel.room()).isBetween(1, 999);
        aMinutePasses();
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoStopsInTheMiddleIsClosed(boolean asFiles) throws IOException {
        ask(asFiles, 1);
        channel.take(100_000);
        aMinutePasses();
        assertThat(channel.isOpen()).isTrue();
        channel.take(100_000);
        aMinutePasses();
        assertThat(channel.isOpen()).isTrue();
        aMinutePasses();
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoTakesNothingIsAnsweredNoMore(boolean asFiles) throws IOException {
        ask(asFiles, 50);
        assertThat(answered).isEqualTo(1);
        channel.take(1_000);
        assertThat(answered).isEqualTo(1);
        channel.take(100 * BODY);
        assertThat(answered).isEqualTo(50);
        assertThat(channel.room()).isPositive();
    }

    @Test
    void aServerThatStopsLetsASlowOneFinish() throws IOException {
        ask(true, 1);
        channel.take(100_000);
        channel.pipeline().fireUserEventTriggered(HttpConnection.Stop.STOP);
        for (int taken = 100_000; taken < BODY; taken += 100_000) {
            assertThat(channel.isOpen()).isTrue();
            channel.take(100_000);
            channel.advanceTimeBy(3, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
        channel.take(1_000);
        channel.advanceTimeBy(3, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.room()).isBetween(1, 999);
    }
}
