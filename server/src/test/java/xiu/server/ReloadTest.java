package xiu.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import xiu.server.settings.ServerSettings;
import xiu.server.settings.SettingsFile;
import xiu.settings.Live;

class ReloadTest {
    private static final String START = "address = \"127.0.0.1\"\n[rtmp]\nport = 0\n[limits]\nstreams = 5\n";

    @TempDir
    Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger(Reload.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(lines);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("c.toml"), text);
    }

    private List<String> said() {
        List<String> said = lines.list.stream()
                .map(event ->
                        event.getLevel() + " " + event.getFormattedMessage().replace(folder + "/", ""))
                .toList();
        lines.list.clear();
        return said;
    }

    @Test
    void oneLineForEachChangeAndOneForAll() throws IOException {
        Path file = file(START);
        Live<ServerSettings> settings = Live.of(SettingsFile.load(file).settings());
        Reload reload = new Reload(file, settings);
        file("address = \"127.0.0.1\"\n[rtmp]\nport = 1\n[limits]\nstreams = 7\nlog_packets = 100\n");
        reload.run();
        assertThat(said())
                .containsExactly(
                        "WARN event=config_changed key=rtmp.port from=\"0\" to=\"1\" effect=restart",
                        "INFO event=config_changed key=limits.streams from=\"5\" to=\"7\" effect=at_once",
                        "INFO event=config_changed key=limits.log_packets from=\"16384\" to=\"100\" effect=next",
                        "INFO event=config_reloaded file=c.toml changed=2 restart_needed=rtmp.port");
        assertThat(settings.now().stream().limits().streams()).isEqualTo(7);
        assertThat(settings.now().rtmp().port()).isZero();
        file(START);
        reload.run();
        assertThat(said()).last().isEqualTo("INFO event=config_reloaded file=c.toml changed=2 restart_needed=no");
        reload.run();
        assertThat(said()).containsExactly("INFO event=config_reloaded file=c.toml changed=0 restart_needed=no");
    }

    @Test
    void aBadFileChangesNothingAndEachProblemIsSaid() throws IOException {
        Path file = file(START);
        Live<ServerSettings> settings = Live.of(SettingsFile.load(file).settings());
        ServerSettings before = settings.now();
        file("[rtmp]\nport = 0\ngopnum = 1\n[limits]\nstreams = 0\nmemory = \"1GiB\"\n");
        Reload reload = new Reload(file, settings);
        reload.run();
        assertThat(said())
                .containsExactly(
                        "ERROR event=config_problem problem=\"c.toml:3: rtmp.gopnum: unknown key (did you mean \"gop_num\"?)\"",
                        "ERROR event=config_problem problem=\"c.toml:5: limits.streams: 0 (expected: 1 to 1000000)\"",
                        "ERROR event=config_not_reloaded file=c.toml problems=2");
        assertThat(settings.now()).isSameAs(before);
        Files.delete(file);
        reload.run();
        assertThat(said())
                .containsExactly(
                        "ERROR event=config_problem problem=\"c.toml: no such file\"",
                        "ERROR event=config_not_reloaded file=c.toml problems=1");
        assertThat(settings.now()).isSameAs(before);
    }

    @Test
    void withoutAFileThereIsNothingToReload() {
        Live<ServerSettings> settings = Live.of(ServerSettings.defaults());
        new Reload(null, settings).run();
        assertThat(said())
                .containsExactly("WARN event=config_not_reloaded reason=\"the server was started without a file\"");
    }

    @Test
    void aRunningServerWorksByWhatIsReplaced() throws IOException {
        Path file = file(START);
        XiuServer server = new XiuServer(SettingsFile.load(file));
        server.start();
        try {
            RunningServer running = server.running();
            assertThat(running).isNotNull();
            assertThat(running.endpoints()).hasSize(1);
            InetSocketAddress rtmp = running.endpoints().getFirst().address();
            try (Socket first = new Socket(rtmp.getAddress(), rtmp.getPort())) {
                // Connections are let in by the loop that each belongs to: without an answer, the other could be
                // earlier.
                first.setSoTimeout(10_000);
                first.getOutputStream().write(new byte[] {3});
                first.getOutputStream().write(new byte[1536]);
                assertThat(first.getInputStream().read()).isEqualTo(3);
                file(START + "connections_per_address = 1\n");
                new Reload(file, server.settings()).run();
                try (Socket second = new Socket(rtmp.getAddress(), rtmp.getPort())) {
                    second.setSoTimeout(10_000);
                    assertThat(second.getInputStream().read()).isNegative();
                }
                assertThat(running.gate().refused()).isEqualTo(1);
                assertThat(first.isClosed()).isFalse();
            }
        } finally {
            server.stop();
        }
        assertThat(server.running()).isNull();
    }

    private static String tokenOfHls(String token) {
        return "address = \"127.0.0.1\"\n[hls]\nenabled = true\nport = 0\n[hls.auth]\npull_enabled = true\n"
                + "[authsecret]\npassword = \"" + token + "\"\n";
    }

    private static String status(InetSocketAddress hls, String token) throws IOException {
        try (Socket client = new Socket(hls.getAddress(), hls.getPort())) {
            client.setSoTimeout(10_000);
            String request = "GET /live/test/1.ts?token=" + token + " HTTP/1.1\r\nHost: a\r\n\r\n";
            client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        }
    }

    /** What was granted by a token does not outlive it. */
    @Test
    void sessionsOfHlsAreDecidedAgainWhenTokensChange() throws IOException {
        Path file = file(tokenOfHls("old"));
        XiuServer server = new XiuServer(SettingsFile.load(file));
        server.start();
        try {
            InetSocketAddress hls = server.endpoints().getFirst().address();
            assertThat(status(hls, "old")).isEqualTo("HTTP/1.1 404");
            assertThat(status(hls, "new")).isEqualTo("HTTP/1.1 403");
            file(tokenOfHls("new"));
            new Reload(file, server.settings()).run();
            assertThat(status(hls, "old")).isEqualTo("HTTP/1.1 403");
            assertThat(status(hls, "new")).isEqualTo("HTTP/1.1 404");
        } finally {
            server.stop();
        }
    }
}
