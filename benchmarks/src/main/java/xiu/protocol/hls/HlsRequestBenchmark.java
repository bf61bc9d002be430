package xiu.protocol.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.http.http1.HttpPipeline;
import xiu.media.BenchmarkMedia;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessRequest;
import xiu.stream.EndReason;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;

/**
 * One request of a poller through the whole pipeline, from the bytes read to the buffers that would be written. The
 * server runs without Netty's {@code Unsafe}: {@code -jvmArgsAppend -Dio.netty.noUnsafe=true}.
 */
@State(Scope.Thread)
public class HlsRequestBenchmark {
    private static final int PICTURES = 6 * BenchmarkMedia.GOP;
    private static final InetSocketAddress REMOTE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);
    private static final String FEW_FIELDS = "Host: 127.0.0.1:8080\r\nUser-Agent: xiu-load\r\nAccept: */*\r\n\r\n";
    private static final String BROWSER_FIELDS = """
            Host: live.example.org:8080\r
            Connection: keep-alive\r
            sec-ch-ua-platform: "Linux"\r
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r
            sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24", "Google Chrome";v="140"\r
            sec-ch-ua-mobile: ?0\r
            Accept: */*\r
            Origin: https://www.example.org\r
            Sec-Fetch-Site: same-site\r
            Sec-Fetch-Mode: cors\r
            Sec-Fetch-Dest: empty\r
            Referer: https://www.example.org/\r
            Accept-Encoding: gzip, deflate, br, zstd\r
            Accept-Language: en-GB,en;q=0.9\r
            \r
            """;

    /** The load tool sends three fields, a browser fourteen. */
    @Param({"load", "browser"})
    String client = "load";

    private final DefaultEventExecutorGroup executors = new DefaultEventExecutorGroup(1);
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, executors);
    private final HlsService hls = new HlsService(Live.of(HlsSettings.defaults()), hub, AccessPolicy.OPEN, executors);
    private final EmbeddedChannel channel = new EmbeddedChannel() {
        @Override
        protected SocketAddress remoteAddress0() {
            return REMOTE;
        }
    };
    private byte[] playlist = {};
    private byte[] segment = {};

    /** Publishes a stream and waits for its playlist. */
    @Setup
    public void publish() throws Exception {
        hub.addListener(hls);
        hls.start();
        new HttpPipeline(HttpSettings.defaults(), new HttpRouter(hls.routes()), first -> {}).install(channel);
        Peer peer = new Peer("publisher", "benchmark", null, 0);
        Publisher publisher = new Publisher() {
            @Override
            public Peer peer() {
                return peer;
            }

            @Override
            public void onRevoked(EndReason reason) {}
        };
        AccessRequest wish = new AccessRequest(
                AccessRequest.Action.PUBLISH, new StreamKey("live", "s0"), peer, AccessRequest.Credentials.NONE);
        Publication publication =
                hub.publish(wish, publisher).toCompletableFuture().get(5, TimeUnit.SECONDS);
        publication.configure(BenchmarkMedia.VIDEO);
        for (int i = 0; i < PICTURES; i++) {
            publication.write(BenchmarkMedia.picture(i));
        }
        playlist = request("/live/s0/s0.m3u8", client.equals("load") ? FEW_FIELDS : BROWSER_FIELDS);
        byte[] readable = request("/live/s0/s0.m3u8", FEW_FIELDS);
        String listed = "";
        while (!listed.contains(".ts")) {
            channel.writeInbound(inbound(readable));
            channel.runPendingTasks();
            listed = outbound();
        }
        int end = listed.indexOf(".ts");
        String name = listed.substring(listed.lastIndexOf('\n', end) + 1, end);
        segment = request("/live/s0/" + name + ".ts", client.equals("load") ? FEW_FIELDS : BROWSER_FIELDS);
        channel.writeInbound(inbound(segment));
        if (!outbound().startsWith("HTTP/1.1 200 OK\r\n")) {
            throw new IllegalStateException("segment: not found (expected: one that the playlist lists)");
        }
    }

    private static byte[] request(String path, String fields) {
        return ("GET " + path + " HTTP/1.1\r\n" + fields).getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuf inbound(byte[] request) {
        return ByteBufAllocator.DEFAULT.directBuffer(2048).writeBytes(request);
    }

    private String outbound() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
        return text.toString();
    }

    /** Ends the stream. */
    @TearDown
    public void stop() throws Exception {
        channel.finishAndReleaseAll();
        hub.stop();
        hls.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        executors.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    /** Asks for the playlist. */
    @Benchmark
    public int playlist() {
        return answered(playlist);
    }

    /** Asks for a segment. */
    @Benchmark
    public int segment() {
        return answered(segment);
    }

    private int answered(byte[] request) {
        channel.writeInbound(inbound(request));
        int bytes = 0;
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            bytes += part.readableBytes();
            part.release();
        }
        return bytes;
    }
}
