package xiu.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The options that the server's JVM is shipped with: the files that the launcher reads. */
final class JvmOptions {
    /** As in a clone; the launcher's build copies it beside the jar. */
    static final Path FOLDER = Workspace.root().resolve("server/src/main/jvm");

    private JvmOptions() {}

    /** Arguments for {@code java} that read the profile for small machines; what comes after them replaces them. */
    static List<String> small() {
        return files("small").map(file -> "@" + file).toList();
    }

    /** The options of a profile one by one, with those for the version of Java that this test runs on. */
    static List<String> of(String profile) {
        return files(profile).flatMap(file -> lines(file).stream()).toList();
    }

    /** The options in one file. */
    static List<String> lines(Path file) {
        return Workspace.read(file).lines().filter(line -> line.startsWith("-")).toList();
    }

    private static Stream<Path> files(String profile) {
        return Stream.of(profile, "java-" + Runtime.version().feature())
                .map(name -> FOLDER.resolve(name + ".options"))
                .filter(Files::exists);
    }
}
