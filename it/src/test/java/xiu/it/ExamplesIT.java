package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in examples/ is started and does what it says, on free ports of loopback. */
class ExamplesIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Path EXAMPLES = Workspace.root().resolve("examples");
    private static final String READY = "(?s)^Xiu .*  Publish +ffmpeg ";

    private final Path home = Workspace.temporary("examples");
    private final DocumentedPorts ports = new DocumentedPorts();
    private final CommandLineTools shell = new CommandLineTools(home);

    static Stream<String> settings() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".toml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everyFileIsFoundRightAndListensForWhatItNames(String name) throws IOException {
        List<String> expected = listeners(read(name));
        try (ExternalProcess check = xiu("check", EXAMPLES.resolve(name).toString())) {
            assertThat(check.awaitExit(SOON)).isZero();
            assertThat(check.output()).contains(": ok\n").doesNotContain("warning", "note");
            assertThat(matches(check.output(), "(\\w+) would listen on \\*:(\\d+)"))
                    .isEqualTo(expected);
        }
        try (ExternalProcess server = xiu(onLoopback(name).toString())) {
            server.awaitText(READY, SOON);
            // The log has a thread of its own, which may come after the banner.
            String last = ports.in(expected.getLast()).replace(" ", " address=127\\.0\\.0\\.1:");
            server.awaitText("listening protocol=" + last, SOON);
            assertThat(matches(server.output(), "listening protocol=(\\w+) address=127\\.0\\.0\\.1:(\\d+)"))
                    .isEqualTo(expected.stream().map(ports::in).toList());
            assertThat(server.terminate(SOON)).isZero();
            assertThat(XiuProcess.faults(server.output())).isEmpty();
        }
    }

    /** The comment on top of a pair names the servers' command lines, and where to publish and play. */
    @ParameterizedTest
    @ValueSource(strings = {"config_push.toml", "config_pull.toml"})
    void pairsDoWhatTheirCommentsSay(String name) {
        String text = read(name);
        try (ExternalProcess origin = documentedServer(text, "origin");
                ExternalProcess edge = documentedServer(text, "edge")) {
            origin.awaitText(READY, SOON);
            edge.awaitText(READY, SOON);
            try (ExternalProcess publisher =
                    MediaTools.publishForEver(TestClips.avcAac(), ports.in(documented(text, "publish")))) {
                // Published there, pushed there or pulled from there: the origin has it in any case.
                origin.awaitText("event=publish .*stream=live/test", SOON);
                String[] urls = documented(text, "play").split(" or ");
                assertThat(urls).hasSize(2);
                for (String url : urls) {
                    assertPlays(url);
                }
                assertThat(publisher.isAlive()).isTrue();
            }
            assertThat(edge.terminate(SOON)).isZero();
            assertThat(origin.terminate(SOON)).isZero();
        }
    }

    @Test
    void theScriptsPublishAndPlay() {
        for (String script : List.of("publish.sh", "play.sh")) {
            CommandLineTools.executable(home.resolve(script), ports.in(read(script)));
        }
        try (ExternalProcess server =
                xiu(onLoopback("config_rtmp_httpflv_hls.toml").toString())) {
            server.awaitText(READY, SOON);
            try (ExternalProcess publisher = shell.start("./publish.sh " + TestClips.avcAac())) {
                server.awaitText("event=publish .*stream=live/test", SOON);
                for (String arguments : List.of("", "flv", "hls localhost live/test", "rtmp 127.0.0.1")) {
                    assertRuns("./play.sh " + arguments);
                }
                try (ExternalProcess wrong = shell.start("./play.sh smoke")) {
                    assertThat(wrong.awaitExit(SOON)).isEqualTo(2);
                }
                assertThat(publisher.isAlive()).isTrue();
            }
            assertThat(server.terminate(SOON)).isZero();
        }
    }

    private ExternalProcess documentedServer(String text, String role) {
        List<String> arguments = new ArrayList<>(List.of(documented(text, role).split(" ")));
        assertThat(arguments.removeFirst()).isEqualTo("xiu");
        if (arguments.getFirst().startsWith("examples/")) {
            return xiu(onLoopback(arguments.getFirst().substring(9)).toString());
        }
        return xiu(arguments.stream().map(ports::in).toArray(String[]::new));
    }

    private ExternalProcess xiu(String... arguments) {
        return XiuProcess.launch(home, List.of(), arguments);
    }

    /** The ffmpeg of the tests has no ffplay; ours stands in for it. */
    private void assertPlays(String url) {
        assertRuns("ffplay -i " + ports.in(url));
    }

    private void assertRuns(String line) {
        try (ExternalProcess player = shell.start(line)) {
            int exit = player.awaitExit(SOON);
            assertThat(exit).as(() -> player.describe(line)).isZero();
        }
    }

    private Path onLoopback(String name) {
        try {
            return Files.writeString(home.resolve(name), "address = \"127.0.0.1\"\n" + ports.in(read(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The protocols that are tables of a file, with their ports, as `rtmp 1935`. */
    private static List<String> listeners(String toml) {
        return matches(toml, "(?m)^\\[(rtmp|httpflv|hls)\\]\\nenabled = true\\nport = (\\d+)");
    }

    private static List<String> matches(String text, String regex) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map(found -> found.group(1) + " " + found.group(2))
                .toList();
    }

    private static String documented(String text, String role) {
        return Pattern.compile("^# +" + role + ": +(.+)$", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(found -> found.group(1).strip())
                .findFirst()
                .orElseThrow();
    }

    private static String read(String name) {
        try {
            return Files.readString(EXAMPLES.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
