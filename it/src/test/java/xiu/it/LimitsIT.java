package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import xiu.container.flv.amf.AmfValue;

/**
 * Keys of {@code [limits]}, from the file to the refusal: each has an effect of its own, is counted and leaves a line,
 * and not one for each time. What bounds memory and viewers silently is tested beside the code that does it.
 */
class LimitsIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final AmfValue NOTHING = AmfValue.Nothing.NULL;

    private static XiuProcess server;

    @BeforeAll
    static void start() {
        server = XiuProcess.start("""
                [hls]
                fragment = 60
                [stream]
                grace = 0
                [limits]
                handshake_timeout = 3
                rtmp_connect_timeout = 3
                rtmp_chunk_size = 65536
                rtmp_media_bytes = 65536
                rtmp_command_bytes = 4096
                rtmp_chunk_streams = 8
                rtmp_message_streams = 2
                rtmp_amf_depth = 8
                rtmp_amf_bytes = 4096
                rtmp_amf_string_bytes = 1024
                streams = 2
                stream_kbps = 500
                http_line_bytes = 300
                http_header_bytes = 400
                http_body_bytes = 10
                http_request_timeout = 1
                http_idle_timeout = 1
                hls_segment_bytes = "64KiB"
                hls_window_bytes = "256KiB"
                """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void assertTold(String event) {
        server.awaitLog("WARN .*event=" + event + " .*times=", SOON);
    }

    private static RawRtmp small() {
        RawRtmp peer = RawRtmp.shaken(server);
        peer.message(1, 0, 0, Unpooled.buffer().writeInt(65_536));
        return peer;
    }

    @Test
    void handshakesAndThoughtsHaveAnEnd() {
        try (RawRtmp silent = RawRtmp.open(server);
                RawRtmp thinking = RawRtmp.connected(server, "live")) {
            silent.awaitEnd();
            thinking.awaitEnd();
        }
        assertTold("limit_handshake_timeout");
        assertTold("limit_rtmp_connect_timeout");
    }

    /** What a peer does that has a connection of its own to lose. */
    static Stream<Arguments> violations() {
        return Stream.of(
                violation("chunk_size", peer -> peer.send("02 000000 000004 01 00000000 00010001")),
                violation("media_bytes", peer -> peer.send("06 000000 010001 09 01000000")),
                violation("command_bytes", peer -> peer.send("03 000000 001001 14 00000000")),
                violation("chunk_streams", peer -> {
                    StringBuilder many = new StringBuilder();
                    for (int id = 3; id < 12; id++) {
                        many.append("%02x 000000 000001 08 01000000 af".formatted(id));
                    }
                    peer.send(many.toString());
                }),
                violation("amf_depth", peer -> peer.command(0, "connect", 1, nested(9))),
                violation("amf_bytes", peer -> peer.command(0, "connect", 1, many(256))),
                violation("amf_string_bytes", peer -> peer.command(0, "connect", 1, AmfValue.of("x".repeat(1025)))));
    }

    private static Arguments violation(String limit, Consumer<RawRtmp> violation) {
        return Arguments.of("limit_rtmp_" + limit, violation);
    }

    @ParameterizedTest
    @MethodSource("violations")
    void whoExceedsALimitIsClosedAndHoweverManyDoTheLinesAreFew(String event, Consumer<RawRtmp> violation) {
        for (int i = 0; i < 250; i++) {
            try (RawRtmp peer = small()) {
                violation.accept(peer);
                peer.awaitEnd();
            }
        }
        assertTold(event);
        assertFewLines(server, event);
    }

    private static void assertFewLines(XiuProcess at, String event) {
        assertThat(at.log().lines().filter(line -> line.contains("event=" + event + " ")))
                .hasSizeLessThan(10);
    }

    private static AmfValue[] many(int count) {
        AmfValue[] many = new AmfValue[count];
        Arrays.fill(many, NOTHING);
        return many;
    }

    @Test
    void messagesAndChunksHaveASize() {
        try (RawRtmp peer = small()) {
            // As long as they may be.
            peer.send("02 000000 000004 01 00000000 00010000");
            peer.message(RawRtmp.VIDEO, 0, 1, Unpooled.buffer().writeZero(65_536));
            peer.command(
                    0,
                    "connect",
                    1,
                    AmfValue.fields().put("app", "x".repeat(200)).object());
            peer.await("_result");
        }
    }

    private static AmfValue nested(int depth) {
        AmfValue value = NOTHING;
        for (int i = 1; i < depth; i++) {
            value = AmfValue.fields().put("a", value).object();
        }
        return value;
    }

    @Test
    void amfValuesHaveADepthAWeightAndStringsALength() {
        try (RawRtmp peer = RawRtmp.connected(server, "live")) {
            peer.command(0, "first", 11, nested(8));
            peer.command(0, "second", 12, many(250));
            peer.command(0, "third", 13, AmfValue.of("x".repeat(1024)));
            peer.until(
                    "three answers",
                    () -> peer.heard.stream().filter("_error"::equals).count() == 3);
        }
    }

    @Test
    void oneConnectionHasSoManyMessageStreams() {
        try (RawRtmp peer = RawRtmp.connected(server, "live")) {
            for (int i = 0; i < 3; i++) {
                peer.command(0, "createStream", 10 + i, NOTHING);
            }
            peer.await("_error");
        }
        assertTold("limit_rtmp_message_streams");
    }

    @Test
    void theServerHasSoManyStreamsAndEachSoManyBits() {
        try (RawRtmp first = RawRtmp.publishing(server, "1").await("NetStream.Publish.Start");
                RawRtmp second = RawRtmp.publishing(server, "2").await("NetStream.Publish.Start")) {
            try (RawRtmp third = RawRtmp.publishing(server, "3")) {
                third.await("NetStream.Publish.Rejected").awaitEnd();
            }
            assertTold("publish_refused_limit");
            // More than five megabits, which is ten seconds' worth.
            for (int i = 0; i < 15; i++) {
                first.media(RawRtmp.VIDEO, i * 40, new byte[60_000]);
            }
            first.awaitEnd();
            assertTold("limit_stream_kbps");
            second.media(RawRtmp.VIDEO, 0, new byte[60_000]);
            assertThat(second.read(100)).isFalse();
            try (RawRtmp third = RawRtmp.publishing(server, "3")) {
                third.await("NetStream.Publish.Start");
            }
        }
    }

    @Test
    void requestsHaveASizeAndATime() throws IOException {
        for (String protocol : List.of("httpflv", "hls")) {
            int port = server.port(protocol);
            assertThat(RawHttp.get(port, "/" + "a".repeat(300))).isEqualTo(414);
            assertThat(RawHttp.get(port, "/", "X-A: " + "a".repeat(400))).isEqualTo(431);
            byte[] post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n12345678901"
                    .getBytes(StandardCharsets.US_ASCII);
            assertThat(RawHttp.status(RawHttp.exchange(port, post))).isEqualTo(413);
            assertThat(RawHttp.exchange(port, "GET / HTTP/1.1\r\nHost".getBytes(StandardCharsets.US_ASCII)))
                    .isEmpty();
            byte[] kept = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            // Answered, and after a second without another request closed.
            assertThat(RawHttp.exchange(port, kept)).startsWith("HTTP/1.1 404 ");
        }
        assertTold("limit_http_line_bytes");
        assertTold("limit_http_header_bytes");
        assertTold("limit_http_body_bytes");
        assertTold("limit_http_request_timeout");
    }

    @Test
    void segmentsAndWindowsHaveASize() {
        try (XiuProcess hls = XiuProcess.start("""
                [hls]
                fragment = 60
                [limits]
                hls_segment_bytes = "64KiB"
                hls_window_bytes = "256KiB"
                """);
                RawRtmp publisher = RawRtmp.publishing(hls, "test").await("NetStream.Publish.Start")) {
            List<RawRtmp.Frame> clip = FlvFrames.ofClip(TestClips.avcAac());
            int length = clip.getLast().timestamp() + 40;
            for (int round = 0; round < 6; round++) {
                for (RawRtmp.Frame frame : clip) {
                    publisher.media(frame.type(), round * length + frame.timestamp(), frame.body());
                }
            }
            String url = "/live/test/test.m3u8";
            await().atMost(SOON).until(() -> RawHttp.get(hls.port("hls"), url) == 200);
            String playlist = RawHttp.exchange(hls.port("hls"), RawHttp.request(url));
            List<String> segments =
                    playlist.lines().filter(line -> line.endsWith(".ts")).toList();
            assertThat(segments).as(playlist).hasSizeGreaterThan(1);
            long bytes = 0;
            for (String segment : segments) {
                int size = RawHttp.exchange(hls.port("hls"), RawHttp.request("/live/test/" + segment))
                        .split("\r\n\r\n", 2)[1]
                        .length();
                assertThat(size).isBetween(1, (64 << 10) + 20_000);
                bytes += size;
            }
            assertThat(bytes).isLessThanOrEqualTo(256 << 10);
        }
    }

    @Test
    void connectionsAreCountedInAllByAddressAndInHandshake() throws IOException {
        try (XiuProcess gate = XiuProcess.start("""
                [limits]
                connections = 12
                connections_per_address = 8
                handshakes = 4
                """)) {
            List<Socket> visitors = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                visitors.add(visit(gate, "127.0.0.1", true));
            }
            for (int i = 0; i < 1_000; i++) {
                visit(gate, "127.0.0.1", false).close();
            }
            for (int i = 0; i < 4; i++) {
                visitors.add(visit(gate, "127.0.0.2", true));
            }
            for (int i = 0; i < 1_000; i++) {
                visit(gate, "127.0.0.3", false).close();
            }
            for (Socket visitor : visitors) {
                visitor.close();
            }
            try (Crowd silent = new Crowd()) {
                await().atMost(SOON).until(() -> RawHttp.get(gate.port("hls"), "/") == 404);
                for (int i = 0; i < 8; i++) {
                    silent.join(gate.port("rtmp"), new byte[0], part -> {});
                }
                await().atMost(SOON).until(() -> {
                    silent.listen(10);
                    return silent.open() == 4;
                });
            }
            assertFewLines(gate, "limit_connections_per_address");
            assertFewLines(gate, "limit_connections");
            gate.awaitLog("event=limit_connections_per_address .*times=1", SOON);
            gate.awaitLog("event=limit_connections .*times=1", SOON);
            gate.awaitLog("event=limit_handshakes .*times=1", SOON);
        }
    }

    /** Asks for something and stays; or is closed at once. */
    private static Socket visit(XiuProcess at, String from, boolean admitted) throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), at.port("hls"), InetAddress.getByName(from), 0);
        socket.setSoTimeout((int) SOON.toMillis());
        byte[] got = new byte[0];
        try {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            got = socket.getInputStream().readNBytes(12);
        } catch (IOException e) {
            // Closed while it was speaking.
        }
        assertThat(new String(got, StandardCharsets.US_ASCII)).isEqualTo(admitted ? "HTTP/1.1 404" : "");
        return socket;
    }

    @Test
    void linesAreFewHoweverOftenALimitIsReached() throws IOException {
        int port = server.port("hls");
        byte[] post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n12345678901"
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 300; i++) {
            RawHttp.get(port, "/" + "a".repeat(300));
            RawHttp.get(port, "/", "X-A: " + "a".repeat(400));
            RawHttp.exchange(port, post);
        }
        byte[] handshake = new byte[3073];
        handshake[0] = 3;
        try (Crowd late = new Crowd()) {
            for (int i = 0; i < 300; i++) {
                late.join(port, "GET / HTTP/1.1\r\nHost".getBytes(StandardCharsets.US_ASCII), part -> {});
                late.join(server.port("rtmp"), new byte[] {3}, part -> {});
                late.join(server.port("rtmp"), handshake, part -> {});
            }
            late.awaitClosed(SOON);
        }
        for (String limit : List.of(
                "http_line_bytes",
                "http_header_bytes",
                "http_body_bytes",
                "http_request_timeout",
                "handshake_timeout",
                "rtmp_connect_timeout")) {
            assertTold("limit_" + limit);
            assertFewLines(server, "limit_" + limit);
        }
    }
}
