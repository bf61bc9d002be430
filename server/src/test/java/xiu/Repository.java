package xiu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files of the clone that the tests run in. */
public final class Repository {
    private static final Set<String> NOT_OURS = Set.of("target", "dist", "node_modules", ".git", "hls", "logs");

    private Repository() {}

    public static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(directory.resolve("xiu"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("working directory: not inside the repository");
            }
        }
        return directory;
    }

    /** All files below `folder` (relative to the root; empty when there is no such folder) whose names end in `suffix`. */
    public static List<Path> files(String folder, String suffix) {
        Path start = root().resolve(folder);
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(start)) {
            return all.filter(path -> path.toString().endsWith(suffix))
                    .filter(path -> isOurs(root().relativize(path)))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOurs(Path relative) {
        for (int i = 0; i < relative.getNameCount() - 1; i++) {
            // "hls" is also the name of a package: what the server writes lies at the root only.
            String name = relative.getName(i).toString();
            boolean packageName = i > 0 && name.equals("hls");
            if (NOT_OURS.contains(name) && !packageName) {
                return false;
            }
        }
        return true;
    }

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
