package xiu.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xiu.server.Arguments.Command;
import xiu.server.settings.Listeners;
import xiu.server.settings.LogSettings;
import xiu.server.settings.ServerSettings;

class ArgumentsTest {
    @Test
    void withoutArgumentsAllThreeProtocolsListenOnTheirDefaultPorts() {
        assertThat(ports()).containsExactly("rtmp 1935", "httpflv 8081", "hls 8080");
    }

    @Test
    void aFileIsGivenByPositionOrByOption() {
        for (String[] args :
                List.of(new String[] {"a.toml"}, new String[] {"-c", "a.toml"}, new String[] {"--config", "a.toml"})) {
            assertThat(Arguments.parse(args))
                    .isInstanceOfSatisfying(
                            Command.Run.class, run -> assertThat(run.file()).isEqualTo(Path.of("a.toml")));
        }
    }

    @Test
    void shortcutsNameWhatListens() {
        assertThat(ports("-r", "1")).containsExactly("rtmp 1");
        assertThat(ports("--rtmp", "1", "--hls", "3")).containsExactly("rtmp 1", "hls 3");
        assertThat(ports("-r", "1", "-f", "2", "-s", "2")).containsExactly("rtmp 1", "httpflv 2", "hls 2");
        assertThat(ports("-l", "debug")).hasSize(3);
        assertThat(settings("-l", "debug").log().level()).isEqualTo(LogSettings.Level.DEBUG);
        assertThat(ports("-r", "0", "-s", "0")).containsExactly("rtmp 0", "hls 0");
    }

    @Test
    void checkTakesAFile() {
        assertThat(Arguments.parse("check", "a.toml")).isEqualTo(new Command.Check(Path.of("a.toml")));
    }

    @Test
    void theRehearsalIsNoUsersBusiness() {
        assertThat(Arguments.parse("--rehearse")).isEqualTo(new Command.Rehearse());
        assertThat(((Command.Print) Arguments.parse("--help")).text()).doesNotContain("rehearse");
        assertThatExceptionOfType(Arguments.UsageException.class)
                .isThrownBy(() -> Arguments.parse("--rehearse", "a.toml"));
    }

    @Test
    void helpAndVersionArePrinted() {
        assertThat(((Command.Print) Arguments.parse("--help")).text())
                .contains("-r, --rtmp=PORT", "-c, --config=FILE", "xiu check CONFIG", "Exit codes");
        assertThat(((Command.Print) Arguments.parse("check", "-h")).text()).contains("xiu check CONFIG");
        assertThat(((Command.Print) Arguments.parse("--version")).text()).startsWith("xiu ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-r x            | -r: x (expected: a port, 0 to 65535)",
                "-r 65536        | -r: 65536 (expected: a port, 0 to 65535)",
                "-s -1           | -s: -1 (expected: a port, 0 to 65535)",
                "-r 1 -l loud    | -l: loud (expected: trace, debug, info, warn or error)",
                "-r 1 -f 1       | -f/--httpflv: 1 is used twice (also by -r/--rtmp)",
                "-f 1            | -r/--rtmp is missing: no stream can come in without it",
                "-r 1 a.toml     | -r, -f, -s and -l are for running without a file: set them in a.toml",
                "-l info -c a    | -r, -f, -s and -l are for running without a file: set them in a",
                "-c a b          | CONFIG is given twice: a and b",
                "--rtp 1         | Unknown option: '--rtp' (did you mean --rtmp?)",
                "a b             | Unmatched argument at index 1: 'b'",
                "check           | check needs a file: xiu check CONFIG",
                "-r 1 check a    | check takes a file and nothing else",
                "-r 1 -r 2       | option '--rtmp' (PORT) should be specified only once",
            })
    void refusesWhatMakesNoSense(String line, String message) {
        assertThatExceptionOfType(Arguments.UsageException.class)
                .isThrownBy(() -> settings(line.split(" ")))
                .withMessageContaining(message);
    }

    private static List<String> ports(String... args) {
        return Listeners.of(settings(args)).stream()
                .map(listener -> listener.name() + " " + listener.port())
                .toList();
    }

    private static ServerSettings settings(String... args) {
        return ((Command.Run) Arguments.parse(args)).shortcuts().settings().settings();
    }
}
