package xiu.http.http1;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.transport.send.SlowReaders;

/** Clients that take long for a large body. */
class SlowReaderTest {
    private static final int BODY = 1_000_000;
    private static final String GET = "GET /body HTTP/1.1\r\nHost: a\r\n\r\n";

    private final TrickleChannel channel = new TrickleChannel();
    private final HttpReply body = HttpReply.status(OK).body(new byte[BODY]);
    private final SlowReaders slowReaders = new SlowReaders(Duration.ofSeconds(10));
    private int answered;

    @BeforeEach
    void connect() {
        channel.freezeTime();
        channel.attr(SlowReaders.key()).set(slowReaders);
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

    private void ask(int times) {
        channel.writeInbound(Unpooled.copiedBuffer(GET.repeat(times), StandardCharsets.US_ASCII));
    }

    private void aMinutePasses() {
        channel.advanceTimeBy(61, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    @Test
    void whoTakesALittleNowAndThenGetsAll() {
        ask(1);
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

    @Test
    void whoStopsInTheMiddleIsClosed() {
        ask(1);
        channel.take(100_000);
        aMinutePasses();
        assertThat(channel.isOpen()).isTrue();
        channel.take(100_000);
        aMinutePasses();
        assertThat(channel.isOpen()).isTrue();
        assertThat(slowReaders.resets()).isZero();
        aMinutePasses();
        assertThat(channel.isOpen()).isFalse();
        assertThat(slowReaders.resets()).isEqualTo(1);
    }

    @Test
    void whoTakesNothingIsAnsweredNoMore() {
        ask(50);
        assertThat(answered).isEqualTo(1);
        channel.take(1_000);
        assertThat(answered).isEqualTo(1);
        channel.take(100 * BODY);
        assertThat(answered).isEqualTo(50);
        assertThat(channel.room()).isPositive();
    }

    @Test
    void aServerThatStopsLetsASlowOneFinish() {
        ask(1);
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
