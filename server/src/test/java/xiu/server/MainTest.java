package xiu.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void badUsageExitsWithTwoAndOneMessage() {
        assertThat(run("--nonsense")).isEqualTo(2);
        assertThat(text(err)).isEqualTo("xiu: Unknown option: '--nonsense'\nTry 'xiu --help'.\n");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void aBadFileExitsWithTwoAndOneLineForEachProblem() throws IOException {
        Path file = file("[rtmp]\nport = 70000\nprot = 1\n");
        for (String[] args : new String[][] {{"check", file.toString()}, {file.toString()}, {"-c", file.toString()}}) {
            err.reset();
            assertThat(run(args)).isEqualTo(2);
            assertThat(text(err))
                    .isEqualTo("xiu: " + file + ":2: rtmp.port: 70000 (expected: 0 to 65535)\nxiu: " + file
                            + ":3: rtmp.prot: unknown key (did you mean \"port\"?)\n");
        }
    }

    @Test
    void aMissingFileExitsWithTwo() {
        assertThat(run("none.toml")).isEqualTo(2);
        assertThat(text(err)).isEqualTo("xiu: none.toml: no such file\n");
    }

    @Test
    void checkSaysWhatWouldListen() throws IOException {
        Path file = file("""
                [rtmp]
                address = "127.0.0.1"
                [rtmp.pull]
                enabled = false
                address = "h"
                [[rtmp.push]]
                url = "rtmp://h/{app}/{stream}?key=secret"
                [hls]
                port = 0
                [rtsp]
                """);
        assertThat(run("check", file.toString())).isZero();
        assertThat(text(out))
                .startsWith(file + ": ok\n  rtmp would listen on 127.0.0.1:1935\n"
                        + "  hls would listen on *:0 (any free port)\n")
                .contains("would push * to rtmp://h/{app}/{stream}?…")
                .contains("warning: " + file + ":10: rtsp: enabled, but this version does not have it yet")
                .contains(
                        "note: " + file + ":3: rtmp.pull: the relay rtmp://h:1935/{app}/{stream} is configured but off")
                .doesNotContain("secret");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void helpAndVersionExitWithZero() {
        assertThat(run("--help")).isZero();
        assertThat(run("--version")).isZero();
        assertThat(text(out)).contains("xiu check CONFIG").endsWith("xiu development\n");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("c.toml"), text);
    }

    private int run(String... args) {
        return Main.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
