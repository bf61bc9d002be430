package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Names beyond ASCII where the locale has none, as in containers and units of systemd. This test's own JVM may have such a
 * locale too, so it leaves such names to programs.
 */
class LocaleIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final Map<String, String> POSIX = Map.of(
            "LC_ALL",
            "POSIX",
            "JAVA_HOME",
            Path.of(System.getProperty("java.home")).toString());

    private static final String SETTINGS =
            TestSettings.onLoopback("[hls]\nfragment = 1\nneed_record = true\npath = \"aufnahmen-\u00fc\"\n");

    private final Path directory = Workspace.temporary("locale");

    @Test
    void theLauncherGivesTheServerNamesOfAllLetters() throws IOException {
        Path launcher = LauncherIT.install().resolve("xiu");
        Files.writeString(directory.resolve("my.toml"), SETTINGS);
        try (ExternalProcess server =
                ExternalProcess.start(directory, POSIX, List.of(launcher.toString(), "my.toml"))) {
            String port = server.awaitText("^  RTMP +\\S+:(\\d+)\\s*$", SOON).group(1);
            // The letters of the stream's name are UTF-8, as any encoder sends them.
            String publish =
                    "exec '" + MediaTools.ffmpeg() + "' -nostdin -loglevel warning -re -i '" + TestClips.avcAac()
                            + "' -c copy -f flv \"rtmp://127.0.0.1:" + port + "/live/$(printf 'k\\303\\274che')\"";
            ExternalProcess.run(SOON, "sh", "-c", publish);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(ExternalProcess.run(SOON, "find", directory.toString()))
                            .contains(
                                    "/aufnahmen-\u00fc/live/k\u00fcche/k\u00fcche.m3u8",
                                    "/aufnahmen-\u00fc/live/k\u00fcche/vod_k\u00fcche.m3u8"));
            assertThat(server.terminate(SOON)).isZero();
            assertThat(server.output() + server.errors()).doesNotContain("event=locale", "event=hls_disk");
        }
    }

    @Test
    void aServerThatIsStartedOtherwiseSaysWhatItLacks() throws IOException {
        Files.writeString(directory.resolve("umlaut.toml"), SETTINGS);
        try (ExternalProcess server = plain("check", "umlaut.toml")) {
            assertThat(server.awaitExit(SOON)).isEqualTo(2);
            assertThat(server.errors())
                    .contains("hls.path: not a path in this locale", "(expected: LC_ALL=C.UTF-8 in the environment");
        }
        Files.writeString(directory.resolve("plain.toml"), SETTINGS.replace("-\u00fc", ""));
        try (ExternalProcess server = plain("plain.toml")) {
            server.awaitText("event=locale encoding=\\S+ detail=.*LC_ALL=C.UTF-8", SOON);
            assertThat(server.terminate(SOON)).isZero();
        }
    }

    /** The jar in a JVM, without the launcher. */
    private ExternalProcess plain(String... arguments) {
        List<String> java = List.of(POSIX.get("JAVA_HOME") + "/bin/java", "-jar");
        List<String> command = new ArrayList<>(java);
        command.add(Workspace.root().resolve("server/target/xiu.jar").toString());
        command.addAll(List.of(arguments));
        return ExternalProcess.start(directory, POSIX, command);
    }
}
