package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The server as a user runs it: the built jar in a JVM of its own with the options that are shipped, on loopback; only Netty's
 * leak detection is at its strictest, and the heap no larger than tests need. Closing it ends it by SIGTERM and fails the test when it does not end cleanly or when its log holds a fault.
 */
final class XiuProcess implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    /** A line of the log, or of the banner, which is there when the log goes to a file. */
    private static final String LISTENING = "(?:listening protocol=%s address=|^  (?i:%s) +)(?:\\S+):(\\d+)\\s*$";

    private static final Map<String, String> TITLES = Map.of("rtmp", "RTMP", "httpflv", "HTTP-FLV", "hls", "HLS");

    /** Leaks, stack traces and everything that a server in good order never writes. */
    private static final Pattern FAULT =
            Pattern.compile("LEAK:|^\\s+at [\\w.$/]+\\(|\\w+(Exception|Error)\\b|\\bERROR\\b", Pattern.MULTILINE);

    private final ExternalProcess process;
    private final Path directory;
    private final Map<String, Integer> ports;
    private final List<String> expectedFaults = new ArrayList<>();

    private XiuProcess(ExternalProcess process, Path directory, Map<String, Integer> ports) {
        this.process = process;
        this.directory = directory;
        this.ports = ports;
    }

    /** All protocols with default settings. */
    static XiuProcess start() {
        return start("");
    }

    /**
     * Starts with a settings file and waits until it listens. Protocols whose table is not in the text are added; all
     * are on loopback and on free ports unless the text says otherwise.
     */
    static XiuProcess start(String toml, String... jvmOptions) {
        return start(List.of(), toml, jvmOptions);
    }

    /** Starts within a limit that a shell sets, for instance {@code ulimit -n 100}. */
    static XiuProcess startWithin(String limit, String toml, String... jvmOptions) {
        return start(List.of("sh", "-c", limit + "; exec \"$0\" \"$@\""), toml, jvmOptions);
    }

    private static XiuProcess start(List<String> prefix, String toml, String... jvmOptions) {
        Path directory = Workspace.temporary("xiu");
        Path settings = directory.resolve("config.toml");
        try {
            Files.writeString(settings, TestSettings.onLoopback(toml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> options = new ArrayList<>(List.of("-Dio.netty.leakDetection.level=paranoid"));
        options.addAll(List.of(jvmOptions));
        ExternalProcess process = launch(prefix, directory, options, settings.toString());
        try {
            Map<String, Integer> ports = new TreeMap<>();
            for (String protocol : TestSettings.enabled(toml)) {
                String line = LISTENING.formatted(protocol, TITLES.get(protocol));
                ports.put(
                        protocol,
                        Integer.valueOf(process.awaitText(line, START_TIMEOUT).group(1)));
            }
            return new XiuProcess(process, directory, ports);
        } catch (AssertionError e) {
            process.close();
            throw e;
        }
    }

    /** Runs the jar with any arguments, for tests of the command line; the caller closes it. */
    static ExternalProcess launch(Path directory, List<String> jvmOptions, String... arguments) {
        return launch(List.of(), directory, jvmOptions, arguments);
    }

    private static ExternalProcess launch(
            List<String> prefix, Path directory, List<String> jvmOptions, String... arguments) {
        Path jar = Workspace.root().resolve("server/target/xiu.jar");
        assertThat(jar).as("the built server (mvn package)").exists();
        List<String> command = new ArrayList<>(prefix);
        // A build in the background of a script ignores SIGINT, one under nohup SIGHUP, and so would all that it
        // starts.
        command.addAll(List.of("env", "--default-signal=INT,HUP"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Of an option that is given twice, the last counts: first what is shipped, then what the test needs.
        command.addAll(JvmOptions.small());
        command.add("-Xmx256m");
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        return ExternalProcess.start(directory, Map.of(), command);
    }

    /** The port of a protocol: rtmp, httpflv or hls. */
    int port(String protocol) {
        Integer port = ports.get(protocol);
        if (port == null) {
            throw new AssertionError(process.describe("does not listen for " + protocol + ", only for " + ports));
        }
        return port;
    }

    /** The port on which a protocol speaks TLS. */
    int tlsPort(String protocol) {
        String line = "listening protocol=" + protocol + " tls=true address=\\S+:(\\d+)";
        return Integer.parseInt(process.awaitText(line, START_TIMEOUT).group(1));
    }

    /** For instance `rtmp("live/test")`. */
    String rtmp(String path) {
        return "rtmp://127.0.0.1:%d/%s".formatted(port("rtmp"), path);
    }

    String httpFlv(String path) {
        return "http://127.0.0.1:%d/%s.flv".formatted(port("httpflv"), path);
    }

    String httpTs(String path) {
        return "http://127.0.0.1:%d/%s.ts".formatted(port("httpflv"), path);
    }

    String webSocketFlv(String path) {
        return "ws://127.0.0.1:%d/%s.flv".formatted(port("httpflv"), path);
    }

    String hls(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return "http://127.0.0.1:%d/%s/%s.m3u8".formatted(port("hls"), path, name);
    }

    /** Its working directory, where relative paths of the settings lead. */
    Path directory() {
        return directory;
    }

    long pid() {
        return process.pid();
    }

    String log() {
        return process.output() + process.errors();
    }

    MatchResult awaitLog(String regex, Duration timeout) {
        return process.awaitText(regex, timeout);
    }

    /** A text that would be a fault in the log, but belongs to this test. */
    XiuProcess expectFault(String text) {
        expectedFaults.add(text);
        return this;
    }

    /** Writes other settings into its file, made safe as at its start, and sends SIGHUP. */
    void reload(String toml) {
        try {
            Files.writeString(directory.resolve("config.toml"), TestSettings.onLoopback(toml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process.signal("HUP");
    }

    /** SIGKILL: what the machine's power failure looks like to the others. */
    void kill() {
        process.kill();
    }

    /** Sends a signal by name, for instance INT; returns the exit code, and fails when that takes longer. */
    int end(String signal, Duration timeout) {
        process.signal(signal);
        return process.awaitExit(timeout);
    }

    /** Ends it by SIGTERM; fails when that takes long, ends with another code than 0, or when the log holds a fault. */
    void stop() {
        int exit = process.terminate(STOP_TIMEOUT);
        assertThat(exit).as(() -> process.describe("exit code")).isZero();
        assertCleanLog();
    }

    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                stop();
            } else {
                assertCleanLog();
            }
        } finally {
            process.close();
        }
    }

    private void assertCleanLog() {
        List<String> faults = faults(log()).stream()
                .filter(line -> expectedFaults.stream().noneMatch(line::contains))
                .toList();
        assertThat(faults).as(() -> process.describe("wrote faults to its log")).isEmpty();
    }

    /** The lines of a log that a server in good order never writes. */
    static List<String> faults(String log) {
        return log.lines().filter(line -> FAULT.matcher(line).find()).toList();
    }
}
