package xiu.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files in memory that this process has, as Linux counts them. */
public final class MemoryFiles {
    private static final String NAME = "/memfd:xiu";

    private MemoryFiles() {}

    /** How many descriptors lead to one. */
    public static long open() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(MemoryFiles::isOne).count();
        }
    }

    /** How many are in the address space. */
    public static long mapped() throws IOException {
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            return mappings.filter(line -> line.contains(NAME)).count();
        }
    }

    private static boolean isOne(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith(NAME);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
