package xiu.protocol.hls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.check.Damage;
import xiu.check.Quiet;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.http.http1.HttpPipeline;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.StreamHub;
import xiu.stream.settings.StreamSettings;

/** Any name and query of a playlist or segment is answered. */
@Tag("fuzz")
class HlsFuzzTest {
    private static final Quiet QUIET = Quiet.at("xiu");
    private static final AccessPolicy POLICY =
            request -> CompletableFuture.completedFuture(AccessPolicy.Access.GRANTED);
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor();
    private static final StreamHub HUB = new StreamHub(StreamSettings.defaults(), POLICY, TIMER);

    @AfterAll
    static void stop() {
        TIMER.shutdownNow();
    }

    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "names", this::names);
    }

    /** The target of a request. */
    @FuzzTest(maxDuration = "60s")
    void names(byte[] bytes) {
        HlsRoutes routes = new HlsRoutes(
                Live.of(HlsSettings.defaults()), HUB, new HlsAccess(HUB, POLICY), key -> null, stream -> null);
        EmbeddedChannel channel = new EmbeddedChannel();
        new HttpPipeline(HttpSettings.defaults(), new HttpRouter(routes.routes()), first -> {}).install(channel);
        String target = new String(bytes, ISO_8859_1).replaceAll("[\\s\\p{Cntrl}]", "");
        String request = "GET /live" + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
        channel.writeInbound(Unpooled.copiedBuffer(request, ISO_8859_1));
        channel.runPendingTasks();
        ByteBuf reply = channel.readOutbound();
        assertThat(reply.toString(ISO_8859_1)).matches("(?s)HTTP/1.1 (400|404|414|403|405) .*");
        reply.release();
        channel.finishAndReleaseAll();
        QUIET.check();
    }
}
