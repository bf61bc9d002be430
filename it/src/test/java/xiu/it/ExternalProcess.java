package xiu.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A program that a test runs; its standard output and error go to files, and it does not outlive the test. */
final class ExternalProcess implements AutoCloseable {
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

    private final String name;
    private final Process process;
    private final Path output;
    private final Path errors;

    private ExternalProcess(String name, Process process, Path output, Path errors) {
        this.name = name;
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    /** Starts a program; the first word is its name in messages too. */
    static ExternalProcess start(String... command) {
        return start(Workspace.directory("work"), Map.of(), List.of(command));
    }

    static ExternalProcess start(Path directory, Map<String, String> environment, List<String> command) {
        String name = Path.of(command.getFirst()).getFileName().toString();
        try {
            Path logs = Workspace.directory("logs");
            Path output = Files.createTempFile(logs, name + "-", ".out");
            Path errors = Path.of(output.toString().replaceFirst("out$", "err"));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().putAll(environment);
            return new ExternalProcess(name, builder.start(), output, errors);
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": cannot be started", e);
        }
    }

    /** Runs a program to its end and returns its standard output; fails when it does not end with 0 in time. */
    static String run(Duration timeout, String... command) {
        return run(timeout, Arrays.asList(command));
    }

    static String run(Duration timeout, List<String> command) {
        try (ExternalProcess process = start(Workspace.directory("work"), Map.of(), command)) {
            int exit = process.awaitExit(timeout);
            if (exit != 0) {
                throw new AssertionError(process.describe("exit code: " + exit + " (expected: 0)"));
            }
            return process.output();
        }
    }

    /** What it wrote to standard output until now. */
    String output() {
        return read(output);
    }

    /** What it wrote to standard error until now. */
    String errors() {
        return read(errors);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it ends by itself; fails when it does not. */
    int awaitExit(Duration timeout) {
        if (!waitFor(timeout)) {
            throw new AssertionError(describe("still running after " + timeout.toSeconds() + " s"));
        }
        return process.exitValue();
    }

    /** Waits until its output or errors hold the pattern; fails when they do not, or when it ends before. */
    MatchResult awaitText(String regex, Duration timeout) {
        Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE);
        try {
            return Awaitility.await()
                    .atMost(timeout)
                    .pollInterval(Duration.ofMillis(10))
                    .until(
                            () -> {
                                boolean alive = isAlive();
                                var found = pattern.matcher(output() + errors());
                                if (found.find()) {
                                    return found.toMatchResult();
                                }
                                if (!alive) {
                                    throw new AssertionError(describe("ended without: " + regex));
                                }
                                return null;
                            },
                            found -> found != null);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(describe("did not write: " + regex), e);
        }
    }

    /** Ends it politely (SIGTERM) and returns its exit code. */
    int terminate(Duration timeout) {
        process.destroy();
        return awaitExit(timeout);
    }

    /** Sends a signal by name, for instance INT, STOP or CONT. */
    void signal(String signal) {
        ExternalProcess.run(Duration.ofSeconds(5), "kill", "-" + signal, Long.toString(pid()));
    }

    /** Ends it the way a power failure does (SIGKILL). */
    void kill() {
        process.destroyForcibly();
        waitFor(KILL_TIMEOUT);
    }

    @Override
    public void close() {
        if (isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            kill();
        }
    }

    String describe(String what) {
        return "%s %s\n--- output ---\n%s\n--- errors ---\n%s".formatted(name, what, tail(output()), tail(errors()));
    }

    private boolean waitFor(Duration timeout) {
        try {
            return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(name + ": the test was interrupted", e);
        }
    }

    private static String tail(String text) {
        int most = 8_000;
        return text.length() <= most ? text : "…" + text.substring(text.length() - most);
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
