package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import xiu.container.flv.amf.AmfValue;

/**
 * Everything that peers do wrong, at one server, while a good stream plays: it arrives bit by bit over RTMP, HTTP-FLV and
 * HLS, eighty more players get every picture of it, and in the end the server holds what it held before.
 */
class MisbehaviourIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String TOKEN = "?token=quiet";

    /** What one connection is, or does. */
    private static final List<String> OF_CONNECTIONS = List.of(
            "xiu.stream.Publication",
            "xiu.stream.Viewer",
            "xiu.transport.Playback",
            "xiu.protocol.rtmp.server.RtmpServerSession",
            "xiu.protocol.rtmp.wire.RtmpLink",
            "xiu.progressive.StreamSession",
            "xiu.http.http1.HttpConnection");

    private static final String SETTINGS = """
            [authsecret]
            password = "quiet"
            [rtmp.auth]
            push_enabled = true
            [hls]
            fragment = 1
            path = "segments"
            [stream]
            grace = 1
            [transport]
            send_buffer = "64KiB"
            [limits]
            handshake_timeout = 4
            http_request_timeout = 3
            viewer_stall_timeout = 5
            [log]
            level = "debug"
            """;

    private static XiuProcess server;
    private static GoodStream good;
    private static Audience audience;
    private static ServerFigures before;
    private static LiveObjects objectsBefore;
    private static long residentBefore;

    @BeforeAll
    static void start() throws IOException {
        // With the heap held from the start, what the process has of the machine's memory grows by what is outside it.
        server = XiuProcess.start(
                SETTINGS,
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-XX:MaxDirectMemorySize=128m",
                DirectMemory.ASKABLE);
        Files.writeString(server.directory().resolve("canary.ts"), "canary");
        good = new GoodStream(server, "live/good", TOKEN);
        before = ServerFigures.of(server);
        objectsBefore = LiveObjects.of(server);
        residentBefore = ServerFigures.residentKiB(server);
        audience = new Audience(server);
    }

    @AfterAll
    static void everythingIsAsItWasBefore() {
        try (XiuProcess running = server;
                GoodStream stream = good) {
            try (Audience players = audience) {
                await().atMost(SOON).until(() -> tooSlow() == Audience.DEAF);
                await().atMost(SOON).until(players::isForgotten);
                players.assertAllSeen();
            }
            stream.assertGoesOn();
            // The HLS recorder's connection comes and goes.
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(ServerFigures.descriptors(running))
                            .as("descriptors")
                            .isLessThanOrEqualTo(before.descriptors() + 1));
            ServerFigures after = ServerFigures.of(running);
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 2);
            assertThat(after.directKiB()).as("KiB outside the heap").isLessThan(before.directKiB() + 24_000);
            assertThat(ServerFigures.residentKiB(running) - residentBefore)
                    .as("KiB of the machine's memory")
                    .isLessThan(64_000);
            // What closes a connection in two steps holds its session for a moment longer than its descriptor.
            await().atMost(SOON).untilAsserted(() -> {
                LiveObjects objects = LiveObjects.of(running);
                for (String type : OF_CONNECTIONS) {
                    assertThat(objects.count(type)).as(type).isLessThanOrEqualTo(objectsBefore.count(type) + 1);
                }
            });
            List<String> log = shortLog();
            // A beginning and an end of all that played or published, and hardly a word about the others.
            Pattern life = Pattern.compile("event=(play|play_end|publish|publish_end|session_end) ");
            assertThat(log).as("lines of the log").hasSizeLessThan(600);
            assertThat(log.stream().filter(line -> !life.matcher(line).find()))
                    .as("lines of the log for " + before + " and " + after)
                    .hasSizeLessThan(60);
            stream.assertUnbroken(250);
        }
    }

    private static long count(String text) {
        return server.log().lines().filter(line -> line.contains(text)).count();
    }

    /** Players that were ended because they take nothing; RTMP sessions say so in other words. */
    private static long tooSlow() {
        Pattern end = Pattern.compile("event=(play_end|session_end) .*reason=TOO_SLOW");
        return server.log().lines().filter(line -> end.matcher(line).find()).count();
    }

    /** What stays in the log of a server that does not debug. */
    private static List<String> shortLog() {
        Pattern debug = Pattern.compile("^\\S+ DEBUG ");
        return server.log().lines().filter(line -> !debug.matcher(line).find()).toList();
    }

    private static void assertServes() {
        try (RawRtmp player = RawRtmp.playing(server, "good")) {
            player.await("NetStream.Play.Start");
            player.until("a key frame", () -> player.frames.stream().anyMatch(RawRtmp.Frame::isKeyFrame));
        }
    }

    @Test
    void whatIsNotRtmpIsClosedAtItsFirstByteWithOneLine() throws IOException {
        byte[][] strangers = {
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            io.netty.buffer.ByteBufUtil.decodeHexDump("16030100f8010000f40303"),
            "SSH-2.0-OpenSSH_9.9\r\n".getBytes(StandardCharsets.US_ASCII),
            new byte[5_000],
            {6},
            {(byte) 0xff}
        };
        long refused = count("event=handshake_refused");
        for (byte[] bytes : strangers) {
            assertThat(RawHttp.exchange(server.port("rtmp"), bytes)).isEmpty();
        }
        await().atMost(SOON).until(() -> count("event=handshake_refused") - refused >= strangers.length);
        assertThat(server.log()).contains("reason=\"not RTMP, perhaps HTTP\"", "reason=\"TLS on a plain RTMP port\"");
        // And the other way round.
        byte[] rtmp = new byte[1537];
        rtmp[0] = 3;
        for (String protocol : List.of("httpflv", "hls")) {
            assertThat(RawHttp.exchange(server.port(protocol), rtmp)).startsWith("HTTP/1.1 4");
        }
    }

    @Test
    void slowHandshakesByTheThousandHoldNobodyUp() {
        try (Crowd slow = new Crowd()) {
            for (int i = 0; i < 2_000; i++) {
                slow.join(server.port("rtmp"), new byte[] {3}, part -> {});
            }
            assertServes();
            awaitClosedThoughTheyDrip(slow);
        }
    }

    /** They go on byte by byte: time must count, not silence. */
    private static void awaitClosedThoughTheyDrip(Crowd slow) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(200)).until(() -> {
            slow.say((byte) 'x');
            slow.listen(50);
            return slow.open() == 0;
        });
    }

    @Test
    void connectionsThatComeAndGoLeaveNothing() throws Exception {
        long began = System.nanoTime();
        try (ExecutorService visitors = Executors.newFixedThreadPool(4)) {
            List<Future<?>> visits = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                int kind = i % 10;
                visits.add(visitors.submit(() -> visit(kind)));
            }
            for (Future<?> visit : visits) {
                visit.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("five thousand")
                .isLessThan(Duration.ofMinutes(1));
        assertServes();
    }

    private static void visit(int kind) {
        try (RawRtmp visitor = kind == 0
                ? RawRtmp.connected(server, "live")
                : kind == 1 ? RawRtmp.shaken(server) : RawRtmp.open(server)) {
            if (kind == 2) {
                visitor.send(new byte[] {3, 0, 0});
            }
            if (kind % 2 == 0) {
                visitor.reset();
            }
        }
    }

    @Test
    void announcementsReserveNothing() {
        long closed = count("event=limit_rtmp_unfinished_bytes");
        ServerFigures quiet = ServerFigures.of(server);
        List<RawRtmp> liars = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            RawRtmp liar = RawRtmp.shaken(server);
            // A video message of 8 MiB, of which a few bytes come.
            liar.send("06 000000 800000 09 01000000 1700000000");
            liars.add(liar);
        }
        assertServes();
        assertThat(ServerFigures.of(server).directKiB()).isLessThan(quiet.directKiB() + 8_000);
        assertThat(count("event=limit_rtmp_unfinished_bytes"))
                .as("liars that were closed because the memory for all is full")
                .isEqualTo(closed);
        liars.forEach(RawRtmp::close);
    }

    @Test
    void unfinishedMessagesHaveOneMemoryForAll() {
        ServerFigures quiet = ServerFigures.of(server);
        byte[] part = new byte[1 << 20];
        List<RawRtmp> hoarders = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            RawRtmp hoarder = RawRtmp.shaken(server);
            hoarders.add(hoarder);
            hoarder.message(1, 0, 0, Unpooled.buffer().writeInt(0xFFFFFF));
            // All but the end of a video message of 8 MiB: together twice what the server has.
            hoarder.send("06 000000 800000 09 01000000");
            for (int sent = 0; sent < 7; sent++) {
                hoarder.send(part);
            }
        }
        assertServes();
        server.awaitLog("event=limit_rtmp_unfinished_bytes", SOON);
        assertThat(ServerFigures.of(server).directKiB()).isLessThan(quiet.directKiB() + 60_000);
        hoarders.forEach(RawRtmp::close);
    }

    private static ByteBuf command(String hex) {
        ByteBuf values = Unpooled.wrappedBuffer(io.netty.buffer.ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
        ByteBuf body = Unpooled.buffer();
        new xiu.container.flv.amf.AmfWriter(body).text("connect").number(1);
        return body.writeBytes(values);
    }

    @Test
    void malformedMessagesEndTheirConnection() {
        long malformed = malformed();
        List<String> messages = List.of(
                // Set Chunk Size: 0, and with the top bit.
                "02 000000 000004 01 00000000 00000000",
                "02 000000 000004 01 00000000 80000001",
                // 16 MB of video, 1 MB of a command.
                "06 000000 ffffff 09 01000000",
                "03 000000 100000 14 00000000",
                // Format 3 where nothing was before; a control message that is too short.
                "c7",
                "02 000000 000002 01 00000000 0000");
        for (String message : messages) {
            try (RawRtmp peer = RawRtmp.shaken(server)) {
                peer.send(message);
                peer.awaitEnd();
            }
        }
        List<ByteBuf> commands = List.of(
                command("03 0001 61".repeat(5_000)),
                command("0a 00000001".repeat(5_000)),
                command("0a ffffffff"),
                command("02 ffff 61"),
                command("0c 7fffffff 61"),
                command("08 ffffffff 0001 61".repeat(5_000)),
                command("08 ffffffff 0001 61 05"),
                command("11 0a 81 0101".repeat(2_000)));
        for (ByteBuf body : commands) {
            try (RawRtmp peer = RawRtmp.shaken(server)) {
                peer.message(1, 0, 0, Unpooled.buffer().writeInt(0xFFFFFF));
                peer.message(RawRtmp.COMMAND, 0, 0, body);
                peer.awaitEnd();
            }
        }
        await().atMost(SOON).until(() -> malformed() - malformed >= messages.size() + commands.size());
        assertServes();
    }

    private static long malformed() {
        return count("event=malformed") + count("event=limit_rtmp_");
    }

    @Test
    void aThousandChunkStreamsAreTooMany() {
        try (RawRtmp peer = RawRtmp.shaken(server)) {
            StringBuilder begun = new StringBuilder();
            for (int id = 64; id < 1_064; id++) {
                // The first half of a message.
                String header = "01%02x%02x 000000 000100 08 01000000 af".formatted(id - 64 & 0xFF, id - 64 >> 8);
                begun.append(header).append("00".repeat(127));
            }
            peer.send(begun.toString());
            peer.awaitEnd();
        }
        await().atMost(SOON).until(() -> server.log().contains("chunk streams: 65"));
    }

    @Test
    void publishersThatAreKilledFreeTheirNames() {
        List<RawRtmp.Frame> clip = FlvFrames.ofClip(GoodStream.clip());
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 20; i++) {
                RawRtmp publisher =
                        RawRtmp.publishing(server, "killed-" + i + TOKEN).await("NetStream.Publish.Start");
                clip.stream()
                        .limit(40)
                        .forEach(frame -> publisher.media(frame.type(), frame.timestamp(), frame.body()));
                // In the middle of a message.
                publisher.send("06 000000 001000 09 01000000 17010000");
                publisher.reset();
            }
        }
        try (ExternalProcess encoder =
                MediaTools.publishForEver(GoodStream.clip(), server.rtmp("live/killed") + TOKEN)) {
            server.awaitLog("event=publish .*stream=live/killed$", SOON);
            encoder.kill();
        }
        server.awaitLog("event=session_end .*published=live/killed reason=CONNECTION_LOST", SOON);
        await().atMost(SOON).until(() -> RawHttp.get(server.port("httpflv"), "/live/killed-0.flv") == 404);
    }

    @Test
    void wrongTokensAndWrongNamesPublishNothing() throws IOException {
        for (int i = 0; i < 100; i++) {
            try (RawRtmp thief = RawRtmp.publishing(server, "good?token=wrong-" + i)) {
                thief.await("NetStream.Publish.BadAuth");
            }
        }
        for (String query : List.of("", "?", "?token", "?token=", "?Token=quiet", TOKEN + "x", TOKEN + "%00")) {
            try (RawRtmp thief = RawRtmp.publishing(server, "good" + query)) {
                thief.await("NetStream.Publish.BadAuth");
            }
        }
        for (String name :
                List.of("..", "../up", "../../up", "a/../../up", ".", "a\u0000b", "a\\b", "\ud800", "x".repeat(300))) {
            try (RawRtmp publisher = RawRtmp.publishing(server, name + TOKEN)) {
                publisher.await("NetStream.Publish.BadName");
            }
        }
        try (Stream<Path> files = Files.list(server.directory())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.toml", "canary.ts", "segments");
        }
    }

    @Test
    void aViewerEndsNothingButItsOwnView() {
        try (RawRtmp viewer = RawRtmp.playing(server, "good")) {
            viewer.await("NetStream.Play.Start");
            AmfValue nothing = AmfValue.Nothing.NULL;
            AmfValue name = AmfValue.of("good");
            viewer.command(0, "FCUnpublish", 7, nothing, name);
            viewer.command(0, "releaseStream", 8, nothing, name);
            viewer.command(1, "closeStream", 0, nothing);
            viewer.command(0, "deleteStream", 9, nothing, AmfValue.of(1));
            viewer.command(0, "deleteStream", 10, nothing, AmfValue.of(99));
            viewer.command(0, "FCUnpublish", 11, nothing, name);
            viewer.command(0, "nonsense", 12, nothing);
            viewer.await("_error");
            assertThat(viewer.heard).doesNotContain("NetStream.Play.UnpublishNotify");
        }
        assertServes();
        good.assertGoesOn();
    }

    @Test
    void aPlayerThatTakesNothingIsHeardAllTheSame() throws IOException {
        try (RawRtmp publisher = RawRtmp.publishing(server, "flood" + TOKEN).await("NetStream.Publish.Start");
                Crowd crowd = new Crowd()) {
            publisher.message(1, 0, 0, Unpooled.buffer().writeInt(0xFFFFFF));
            SocketChannel player = crowd.joinDeaf(server.port("rtmp"), RawRtmp.playingBlindly("live", "flood"));
            String session = server.awaitLog("event=play session=(\\S+) .*stream=live/flood$", SOON)
                    .group(1);
            byte[] picture = new byte[1 << 20];
            picture[0] = 0x12;
            try (RawRtmp witness = RawRtmp.playing(server, "flood").await("NetStream.Play.Start")) {
                for (int i = 0; i < 3; i++) {
                    publisher.media(RawRtmp.VIDEO, 40 * i, picture);
                }
                witness.until(
                        "the last of it", () -> witness.frames.stream().anyMatch(frame -> frame.timestamp() == 80));
            }
            // More than its socket holds is on its way to it, and it has read nothing at all.
            player.write(ByteBuffer.wrap(RawRtmp.goodbye(1)));
            // And then what is no RTMP. An end would be noticed by who does not read, too.
            player.write(ByteBuffer.wrap(new byte[] {(byte) 0xc7}));
            // Four messages until it plays, and this one.
            server.awaitLog("event=session_end session=" + session + " .*reason=MALFORMED .*messages=5 ", SOON);
        }
    }

    @Test
    void noPathLeadsOutOfItsPlace() {
        for (String protocol : List.of("httpflv", "hls")) {
            for (String target : EvilTargets.ALL) {
                String answer = RawHttp.exchange(server.port(protocol), RawHttp.request(target));
                assertThat(RawHttp.status(answer)).as(protocol + " " + target).isIn(400, 404);
                assertThat(answer).doesNotContain("canary");
                assertThat(RawHttp.webSocket(server.port(protocol), target))
                        .as("socket to " + protocol + " " + target)
                        .isIn(400, 404);
            }
        }
    }

    @Test
    void requestsThatNeverEndAreCutOff() {
        String head = "POST /live/good.flv HTTP/1.1\r\nHost: x\r\n";
        List<String> beginnings = List.of("G", head + "X-A: ", head + "Content-Length: 1000\r\n\r\n");
        try (Crowd slow = new Crowd()) {
            for (String protocol : List.of("httpflv", "hls")) {
                for (int i = 0; i < 150; i++) {
                    byte[] begin = beginnings.get(i % 3).getBytes(StandardCharsets.US_ASCII);
                    slow.join(server.port(protocol), begin, part -> {});
                }
            }
            assertServes();
            awaitClosedThoughTheyDrip(slow);
        }
    }

    @Test
    void hugeRequestsAreRefused() {
        for (String protocol : List.of("httpflv", "hls")) {
            int port = server.port(protocol);
            assertThat(RawHttp.get(port, "/" + "a".repeat(100_000))).isEqualTo(414);
            assertThat(RawHttp.get(port, "/live/good.flv", "X-A: " + "a".repeat(100_000)))
                    .isEqualTo(431);
            String many = "X-%d: a\r\n".repeat(1).formatted(1).repeat(20_000).stripTrailing();
            assertThat(RawHttp.get(port, "/live/good.flv", many)).isEqualTo(431);
            byte[] post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
            assertThat(RawHttp.status(RawHttp.exchange(port, post))).isEqualTo(413);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        String playlist = "GET /live/good/good.m3u8 HTTP/1.1\r\nHost: x\r\n\r\n";
        String nothing = "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n";
        String last = new String(RawHttp.request("/"), StandardCharsets.US_ASCII);
        byte[] all = ((playlist + nothing).repeat(200) + last).getBytes(StandardCharsets.US_ASCII);
        List<String> statuses = Pattern.compile("HTTP/1\\.1 (\\d+) ")
                .matcher(RawHttp.exchange(server.port("hls"), all))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(statuses).hasSize(401);
        for (int i = 0; i < 400; i++) {
            assertThat(statuses.get(i)).isEqualTo(i % 2 == 0 ? "200" : "404");
        }
        // Who asks and asks and never reads is held back, and let go of.
        try (Socket greedy = new Socket(InetAddress.getLoopbackAddress(), server.port("hls"))) {
            greedy.getOutputStream().write(nothing.repeat(2_000).getBytes(StandardCharsets.US_ASCII));
            assertServes();
        }
    }
}
