package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** TLS of our own on every protocol, by ffmpeg, curl and OpenSSL. */
class TlsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static TestCertificate certificate;
    private static XiuProcess server;
    private static int rtmps;
    private static int https;

    @BeforeAll
    static void start() {
        certificate = TestCertificate.make("first");
        // The same address: one listener for both.
        https = FreePorts.next();
        server = XiuProcess.start("""
                [tls]
                cert = "%1$s"
                key = "%2$s"
                [rtmp.tls]
                port = 0
                [httpflv.tls]
                port = %3$d
                [hls.tls]
                port = %3$d
                """.formatted(certificate.cert(), certificate.key(), https));
        rtmps = server.tlsPort("rtmp");
        assertThat(server.tlsPort("hls")).isEqualTo(https);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String rtmps(String path) {
        return "rtmps://127.0.0.1:" + rtmps + "/" + path;
    }

    private static String https(String path) {
        return "https://127.0.0.1:" + https + "/" + path;
    }

    /** Standard output and standard error of {@code openssl s_client}, which is asked for no more than a handshake. */
    private static String handshake(int port, String... options) {
        String command =
                "echo | openssl s_client -connect 127.0.0.1:" + port + " " + String.join(" ", options) + " 2>&1";
        return ExternalProcess.run(SOON, "sh", "-c", command + " || true");
    }

    @Test
    void everyByteArrivesOverEveryProtocol() {
        PacketDump source = PacketDump.normalised(TestClips.avcAac());
        try (ExternalProcess publisher = MediaTools.publish(TestClips.avcAac(), rtmps("live/bytes"))) {
            server.awaitLog("event=publish .*stream=live/bytes", SOON);
            List<RelayRecorder> recorders = List.of(
                    RelayRecorder.rtmpUrl(rtmps("live/bytes")),
                    RelayRecorder.httpFlvUrl(https("live/bytes.flv")),
                    RelayRecorder.hlsUrl(https("live/bytes/bytes.m3u8")));
            try {
                recorders.forEach(recorder -> recorder.assertEndsWithAllOf(source, 25));
            } finally {
                recorders.forEach(RelayRecorder::close);
            }
            assertThat(publisher.awaitExit(SOON)).isZero();
        }
    }

    @Test
    void onlyTheTwoSafeVersionsAreSpoken() {
        for (int port : new int[] {rtmps, https}) {
            assertThat(handshake(port, "-tls1_3")).contains("New, TLSv1.3");
            assertThat(handshake(port, "-tls1_2")).contains("New, TLSv1.2").containsPattern("Cipher is ECDHE-.*GCM");
            assertThat(handshake(port, "-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"))
                    .contains("alert protocol version");
            assertThat(handshake(port, "-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0"))
                    .contains("alert handshake failure");
        }
    }

    @Test
    void aClientThatComesBackHasAShorterHandshake() {
        Path session = Workspace.temporary("session").resolve("session.pem");
        assertThat(handshake(https, "-tls1_2", "-sess_out", session.toString())).contains("New, TLSv1.2");
        assertThat(handshake(https, "-tls1_2", "-sess_in", session.toString())).contains("Reused, TLSv1.2");
    }

    @Test
    void curlTrustsItByItsFileAndTheEndIsAProperOne() {
        String answer = ExternalProcess.run(
                SOON,
                "curl",
                "-sS",
                "--cacert",
                certificate.cert().toString(),
                "-H",
                "Connection: close",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code} %{ssl_verify_result}",
                https("live/none.flv"));
        assertThat(answer).isEqualTo("404 0");
        String request = "GET /live/none.flv HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n";
        String closed = ExternalProcess.run(
                SOON,
                "sh",
                "-c",
                "printf '" + request + "' | openssl s_client -quiet -ign_eof -msg -connect 127.0.0.1:" + https
                        + " 2>&1");
        assertThat(closed).contains("404 Not Found").contains("close_notify").doesNotContain("unexpected eof");
    }

    /** Whoever comes next gets the new one, and a player that is there loses no packet. */
    @Test
    void certificatesAreReplacedUnderAPlayer() {
        PacketDump source = PacketDump.normalised(TestClips.avcAac());
        try (ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), rtmps("live/replaced"))) {
            server.awaitLog("event=publish .*stream=live/replaced", SOON);
            RelayRecorder player = RelayRecorder.rtmpUrl(rtmps("live/replaced"));
            try (player) {
                await().atMost(SOON).until(player::isPlaying);
                for (int i = 0; i < 3; i++) {
                    String name = "next" + i;
                    certificate.replaceBy(TestCertificate.make(name));
                    await().atMost(SOON).until(() -> handshake(https).contains("CN = " + name));
                    assertThat(handshake(rtmps)).contains("CN = " + name);
                }
                assertThat(player.isPlaying()).isTrue();
                publisher.terminate(SOON);
                player.awaitEnd();
                player.assertUnbroken(source, 0);
            }
        }
    }
}
