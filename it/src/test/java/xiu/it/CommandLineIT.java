package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How Xiu is started and ended: what it says, where it listens, and with which code it exits. */
class CommandLineIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    /** What docs/operations.md promises. */
    private static final Duration END = Duration.ofSeconds(5);

    private final Path home = Workspace.temporary("command-line");

    @Test
    void aNormalEndIsZero() throws IOException {
        Path good = file("good.toml", "[rtmp]\nport = 0\n");
        assertThat(run(0, "--help")).contains("xiu check CONFIG");
        assertThat(run(0, "--version")).startsWith("xiu ");
        assertThat(run(0, "check", good.toString()))
                .isEqualTo(good + ": ok\n  rtmp would listen on *:0 (any free port)\n");
    }

    @Test
    void badUsageAndBadFilesAreTwoAndToldAtOnce() throws IOException {
        Path bad = file("bad.toml", """
                [rtmp]
                port = "x"
                gopnum = 1
                [hls]
                port = 99999
                [httpflv]
                port = 1935
                """);
        assertThat(run(2, bad.toString())).isEqualTo("""
                xiu: F:2: rtmp.port: a string (expected: an integer)
                xiu: F:3: rtmp.gopnum: unknown key (did you mean "gop_num"?)
                xiu: F:5: hls.port: 99999 (expected: 0 to 65535)
                xiu: F:7: httpflv.port: 1935 is used twice (also by rtmp.port, line 2)
                """.replace("F:", bad + ":"));
        Path empty = file("empty.toml", "# nothing\n");
        assertThat(run(2, "-c", empty.toString())).startsWith("xiu: " + empty + ": empty (expected: ");
        assertThat(run(2, home.toString())).isEqualTo("xiu: " + home + ": a directory (expected: a TOML file)\n");
        assertThat(run(2, "check", "none.toml")).isEqualTo("xiu: none.toml: no such file\n");
        assertThat(run(2, "--rtpm", "1935")).contains("Unknown option: '--rtpm' (did you mean --rtmp?)");
    }

    @Test
    void aPortInUseIsOneAndNothingIsLeftHalfStarted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Path file = file("taken.toml", "address = \"127.0.0.1\"\n[rtmp]\nport = 0\n[hls]\nport = " + port + "\n");
            assertThat(run(1, file.toString()))
                    .endsWith("xiu: " + file + ":5: hls.port: cannot listen on 127.0.0.1:" + port
                            + ": the port is in use by another program\n")
                    .doesNotContain("Publish");
            assertThat(run(1, "-r", port))
                    .contains("xiu: -r/--rtmp: cannot listen on ", ":" + port + ": the port is in");
        }
    }

    @Test
    void listensOnTheAddressesItIsTold() throws IOException {
        try (XiuProcess server = XiuProcess.start("""
                [rtmp]
                address = "::1"
                [httpflv]
                address = "127.0.0.1"
                [hls]
                address = "*"
                """)) {
            assertThat(answers("::1", server.port("rtmp"))).isTrue();
            assertThat(answers("127.0.0.1", server.port("rtmp"))).isFalse();
            assertThat(answers("127.0.0.1", server.port("httpflv"))).isTrue();
            assertThat(answers("::1", server.port("httpflv"))).isFalse();
            assertThat(answers("127.0.0.1", server.port("hls"))).isTrue();
            assertThat(answers("::1", server.port("hls"))).isTrue();
        }
    }

    @Test
    void httpFlvAndHlsShareAPortAndTheTablesOfXiuAreNamed() throws IOException {
        int port = FreePorts.next();
        try (XiuProcess server = XiuProcess.start("""
                [httpflv]
                port = %1$d
                [hls]
                port = %1$d
                fragment = 1
                [rtsp]
                enabled = true
                [webrtc]
                enabled = false
                [log.file]
                enabled = true
                """.formatted(port))) {
            assertThat(server.port("hls")).isEqualTo(server.port("httpflv")).isEqualTo(port);
            try (ExternalProcess publisher = MediaTools.publish(TestClips.avcAac(), server.rtmp("live/test"));
                    RelayRecorder flv = whenPublished(server, publisher, "live/test");
                    RelayRecorder hls = RelayRecorder.hls(server, "live/test")) {
                flv.awaitEnd();
                hls.awaitEnd();
                assertThat(flv.bytes()).isGreaterThan(20_000);
                assertThat(hls.bytes()).isGreaterThan(20_000);
            }
            server.stop();
            assertThat(server.log()).startsWith("Xiu ").doesNotContain(" INFO ", " WARN ");
            assertThat(logFiles(server))
                    .contains("rtsp: enabled, but this version does not have it yet")
                    .contains("event=publish", "event=stopped\n")
                    .doesNotContain("webrtc");
        }
    }

    @Test
    void tokensThatCannotBeCheckedAreAReasonNotToStart() throws IOException {
        Path file = file("auth.toml", "[rtmp]\nport = 0\n[rtsp]\nenabled = true\n[rtsp.auth]\npull_enabled = true\n");
        assertThat(run(2, file.toString())).startsWith("xiu: " + file + ":6: rtsp.auth.pull_enabled: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalEndsPlayersPublishersAndFilesInGoodOrder(String signal) throws IOException {
        XiuProcess server = XiuProcess.start("[hls]\nfragment = 1\npath = \"hls\"\nneed_record = true\n");
        List<RelayRecorder> players = new ArrayList<>();
        try (server;
                ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), server.rtmp("live/test"))) {
            players.add(whenPublished(server, publisher, "live/test"));
            players.add(RelayRecorder.rtmp(server, "live/test"));
            players.add(RelayRecorder.webSocket(server, "live/test"));
            Path folder = server.directory().resolve("hls/live/test");
            await().atMost(SOON).until(() -> Files.exists(folder.resolve("test.m3u8")));
            for (RelayRecorder player : players) {
                await().atMost(SOON).until(() -> player.bytes() > 20_000);
            }
            assertThat(server.end(signal, END)).isZero();
            players.forEach(RelayRecorder::awaitEnd);
            publisher.awaitExit(SOON);
            assertThat(server.log())
                    .contains("event=session_end", "reason=STOPPING")
                    .endsWith("server: event=stopped\n");
            // The server stops, the stream does not end: players of the live playlist go on when it is back.
            assertThat(folder.resolve("test.m3u8")).content().doesNotContain("#EXT-X-ENDLIST");
            assertThat(folder.resolve("vod_test.m3u8")).content().endsWith("#EXT-X-ENDLIST\n");
        } finally {
            players.forEach(RelayRecorder::close);
        }
    }

    @Test
    void playersThatTakeNothingDoNotHoldUpTheEnd() {
        try (XiuProcess server = XiuProcess.start("[transport]\nsend_buffer = \"16KiB\"\n");
                Crowd crowd = new Crowd();
                RawRtmp publisher = RawRtmp.publishing(server, "test").await("NetStream.Publish.Start");
                RawRtmp deaf = RawRtmp.playing(server, "test").await("NetStream.Play.Start")) {
            crowd.joinDeaf(server.port("httpflv"), RawHttp.request("/live/test.flv"));
            crowd.joinDeaf(server.port("httpflv"), RawHttp.webSocketRequest("/live/test.flv"));
            List<Integer> seen = new ArrayList<>();
            FlvFrames frames = new FlvFrames(frame -> seen.add(frame.timestamp()));
            crowd.join(server.port("httpflv"), RawHttp.request("/live/test.flv"), frames::accept);
            server.awaitLog("(?s)(event=play .*){4}", SOON);
            byte[] picture = new byte[50_000];
            for (int i = 0; i <= 200; i++) {
                // Sorenson H.263, which needs no sequence header.
                picture[0] = (byte) (i % 10 == 0 ? 0x12 : 0x22);
                publisher.media(RawRtmp.VIDEO, i * 40, picture);
                crowd.listen(5);
            }
            await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> {
                crowd.listen(5);
                return !seen.isEmpty() && seen.getLast() == 200 * 40;
            });
            // They would be waited for as long as for those that are merely slow, which is four seconds.
            assertThat(server.end("TERM", Duration.ofMillis(3_500))).isZero();
            assertThat(server.log())
                    .endsWith("server: event=stopped\n")
                    .doesNotContain("service_stop_timeout")
                    .containsPattern("event=play_end .*reason=TOO_SLOW");
            assertThat(deaf.frames).isEmpty();
        }
    }

    /** A player of HTTP-FLV, once there is something to play. */
    private static RelayRecorder whenPublished(XiuProcess server, ExternalProcess publisher, String path) {
        await().atMost(SOON).until(() -> {
            assertThat(publisher.isAlive())
                    .as(() -> publisher.describe("publisher"))
                    .isTrue();
            return (server.log() + logFiles(server)).contains("stream=" + path);
        });
        return RelayRecorder.httpFlv(server, path);
    }

    private static String logFiles(XiuProcess server) throws IOException {
        Path logs = server.directory().resolve("logs");
        StringBuilder text = new StringBuilder();
        if (Files.exists(logs)) {
            try (Stream<Path> files = Files.list(logs)) {
                for (Path file : files.sorted().toList()) {
                    text.append(Files.readString(file));
                }
            }
        }
        return text.toString();
    }

    private static boolean answers(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 5_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(home.resolve(name), text);
    }

    /** What it writes, standard output first. */
    private String run(int exit, String... arguments) {
        try (ExternalProcess process = XiuProcess.launch(home, List.of(), arguments)) {
            assertThat(process.awaitExit(SOON))
                    .as(() -> process.describe(String.join(" ", arguments)))
                    .isEqualTo(exit);
            return process.output() + process.errors();
        }
    }
}
