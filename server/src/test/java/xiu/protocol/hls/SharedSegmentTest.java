package xiu.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xiu.check.MemoryFiles;
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
import xiu.transport.memory.SendableBuffers;

/** A segment that many clients ask for, over real sockets. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class SharedSegmentTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final SendableBuffers sendable = SendableBuffers.ofProcess();
    private final HttpClient client = HttpClient.newHttpClient();
    private Segment segment = Segments.of(allocator, 7, 500_000, 2000, false);
    private EventLoops loops;
    private HttpServer server;

    @BeforeEach
    void untilItIsKnownToWork() {
        await().until(() -> {
            ByteBuf copy = sendable.copy(Unpooled.wrappedBuffer(new byte[40_000]));
            return copy != null && copy.release();
        });
    }

    private void start(IoEngine engine) {
        TransportSettings usual = TransportSettings.defaults();
        loops = EventLoops.open(
                new TransportSettings(engine, 2, usual.sendBuffer(), usual.userTimeout(), usual.limits()));
        SegmentReplies replies = new SegmentReplies(segment, "video/mp2t", sendable);
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
    void nothingIsLeft() throws IOException {
        Segments.release(segment);
        client.close();
        if (server != null) {
            assertThat(server.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
            assertThat(loops.shutdown().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        }
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(sendable.open()).isZero();
        assertThat(MemoryFiles.open()).isZero();
        assertThat(MemoryFiles.mapped()).isZero();
    }

    private byte[] get() throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/7.ts");
        HttpResponse<byte[]> response =
                client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    @Test
    void theEighthOneWhoAsksMakesItAFileAndTheBufferGoes() throws Exception {
        start(IoEngine.EPOLL);
        byte[] first = get();
        assertThat(first).hasSize(segment.size());
        for (int i = 2; i < 8; i++) {
            get();
        }
        assertThat(sendable.open()).isZero();
        ByteBuf before = segment.tryRetain();
        assertThat(get()).isEqualTo(first);
        assertThat(sendable.open()).isEqualTo(1);
        ByteBuf after = segment.tryRetain();
        assertThat(after).isNotSameAs(before);
        // As for a disk or for a client by TLS; who holds the buffer from before has it whole.
        assertThat(ByteBufUtil.getBytes(after)).isEqualTo(first);
        assertThat(ByteBufUtil.getBytes(before)).isEqualTo(first);
        before.release();
        await().until(() -> allocator.metric().usedDirectMemory() == 0);
        after.release();
        assertThat(get()).isEqualTo(first);
        assertThat(sendable.open()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = IoEngine.class,
            names = {"NIO", "IO_URING"})
    void whereNoFilesCanBeSentNoneAreMade(IoEngine engine) throws Exception {
        start(engine);
        for (int i = 0; i < 10; i++) {
            assertThat(get()).hasSize(segment.size());
        }
        assertThat(sendable.open()).isZero();
    }

    @Test
    void aSmallSegmentStaysWhatItIs() throws Exception {
        Segments.release(segment);
        segment = Segments.of(allocator, 7, 20_000, 2000, false);
        start(IoEngine.EPOLL);
        for (int i = 0; i < 10; i++) {
            assertThat(get()).hasSize(segment.size());
        }
        assertThat(sendable.open()).isZero();
    }

    /** Somebody may have found the buffer just before it goes: he gets the file, and no answer that it is missing. */
    @Test
    void nobodyMissesItWhileOneTakesTheOthersPlace() throws Exception {
        Segments.release(segment);
        for (int i = 0; i < 300; i++) {
            segment = Segments.of(allocator, 7, 50_000, 2000, false);
            segment.tryRetain().release();
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<Boolean> always = CompletableFuture.supplyAsync(() -> {
                boolean found = true;
                while (found && !done.get()) {
                    ByteBuf bytes = segment.tryRetain();
                    found = bytes != null && bytes.getByte(0) == 0x47;
                    ReferenceCountUtil.release(bytes);
                }
                return found;
            });
            segment.makeSendable(sendable);
            done.set(true);
            assertThat(always.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(sendable.open()).isEqualTo(1);
            Segments.release(segment);
        }
        segment = Segments.of(allocator, 7, 50_000, 2000, false);
    }

    @Test
    void whatIsGoneBecomesNoFile() {
        segment.tryRetain().release();
        Segments.release(segment);
        segment.makeSendable(sendable);
        assertThat(segment.tryRetain()).isNull();
        assertThat(sendable.open()).isZero();
    }
}
