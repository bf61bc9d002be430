package xiu.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xiu.http.HttpReplies;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.http.server.HttpServer;
import xiu.segment.window.Segment;
import xiu.segment.window.Segments;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.IoEngine;
import xiu.transport.TransportSettings;

/** A segment that many clients ask for, over real sockets. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class SharedSegmentTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final HttpClient client = HttpClient.newHttpClient();
    private Segment segment = Segments.of(allocator, 7, 500_000, 2000, false);
    private EventLoops loops;
    private HttpServer server;

    private void start(IoEngine engine) {
        TransportSettings usual = TransportSettings.defaults();
        loops = EventLoops.open(
                new TransportSettings(engine, 2, usual.sendBuffer(), usual.userTimeout(), usual.limits()));
        SegmentReplies replies = new SegmentReplies(segment, "video/mp2t");
        server = new HttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                loops,
                new ConnectionGate(ConnectionLimits.defaults()),
                HttpSettings.defaults(),
                new HttpRouter(List.of(HttpRoute.get("/7.ts", exchange -> {
                    if (replies.answer(exchange, true) < 0) {
                        exchange.answer(HttpReplies.MISSING);
                    }
                }))));
        server.start();
    }

    @AfterEach
    void nothingIsLeft() {
        Segments.release(segment);
        client.close();
        if (server != null) {
            assertThat(server.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
            assertThat(loops.shutdown().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        }
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private byte[] get() throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/7.ts");
        HttpResponse<byte[]> response =
                client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    @ParameterizedTest
    @EnumSource(
            value = IoEngine.class,
            names = {"EPOLL", "NIO", "IO_URING"})
    void itsBytesAreMadeOnceForAll(IoEngine engine) throws Exception {
        start(engine);
        byte[] first = get();
        assertThat(first).hasSize(segment.size());
        ByteBuf made = segment.tryRetain();
        assertThat(ByteBufUtil.getBytes(made)).isEqualTo(first);
        for (int i = 2; i < 10; i++) {
            assertThat(get()).isEqualTo(first);
        }
        ByteBuf same = segment.tryRetain();
        assertThat(same).isSameAs(made);
        made.release(2);
    }

    @Test
    void whatIsGoneIsMissing() {
        segment.tryRetain().release();
        Segments.release(segment);
        assertThat(segment.tryRetain()).isNull();
    }
}
