package xiu.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the integration tests find the build and keep what they make. */
final class Workspace {
    private Workspace() {}

    /** The clone that is tested. */
    static Path root() {
        String set = System.getProperty("xiu.root");
        Path directory = Path.of(set != null ? set : "").toAbsolutePath().normalize();
        while (!Files.isRegularFile(directory.resolve("xiu"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("xiu.root: " + set + " (expected: the clone)");
            }
        }
        return directory;
    }

    /** A directory below it/target, made when it is missing. */
    static Path directory(String name) {
        try {
            return Files.createDirectories(root().resolve("it/target").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a file. */
    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new empty directory for one test. */
    static Path temporary(String prefix) {
        try {
            return Files.createTempDirectory(directory("work"), prefix + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
