package xiu.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** A shell as a user has it, with ffmpeg and ffplay on its PATH, to run what documents and examples say. */
final class CommandLineTools {
    private static final String FFPLAY = """
            #!/bin/sh
            # Plays a second of what ffplay would play, without a window.
            exec ffmpeg -nostdin -loglevel warning "$@" -t 1 -map 0:v -map 0:a -f null -
            """;

    private final Path directory;
    private final String path;

    /** A shell in this directory. */
    CommandLineTools(Path directory) {
        this.directory = directory;
        Path bin = Workspace.temporary("bin");
        executable(bin.resolve("ffplay"), FFPLAY);
        this.path = bin + ":" + MediaTools.ffmpeg().getParent() + ":" + System.getenv("PATH");
    }

    /** Runs a line of a shell script; the shell becomes the program, so that signals reach that. */
    ExternalProcess start(String line) {
        return ExternalProcess.start(directory, Map.of("PATH", path), List.of("sh", "-c", "exec " + line));
    }

    /** Writes a script that can be run. */
    static Path executable(Path file, String text) {
        try {
            Files.writeString(file, text);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
