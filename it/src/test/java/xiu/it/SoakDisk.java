package xiu.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a server keeps of HLS on disk when all streams are over: nothing, not even folders, or recordings, each segment in one of them.
 *
 * @param folder of all streams
 * @param recording whether everything is kept
 */
record SoakDisk(Path folder, boolean recording) {
    long files() {
        return all(Files::isRegularFile).size();
    }

    /** Files that should not be there, and such as should and are not. */
    List<String> wrong() {
        List<Path> files = all(Files::isRegularFile);
        if (!recording) {
            return all(path -> !path.equals(folder)).stream()
                    .map(Path::toString)
                    .toList();
        }
        List<String> wrong = new ArrayList<>();
        // Of each segment: one for its file, less one for each playlist that has it.
        Map<Path, Integer> segments = new TreeMap<>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.startsWith(".")) {
                wrong.add(file + " is unfinished");
            } else if (name.endsWith(".ts")) {
                segments.merge(file, 1, Integer::sum);
            } else if (name.startsWith("vod_")) {
                segments(file).forEach(segment -> segments.merge(segment, -1, Integer::sum));
            }
        }
        segments.forEach((segment, count) -> {
            if (count != 0) {
                wrong.add(segment + (count > 0 ? " is in no recording" : " is missing, or in two recordings"));
            }
        });
        return wrong;
    }

    private List<Path> all(Predicate<Path> which) {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(which).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> segments(Path playlist) {
        try (Stream<String> lines = Files.lines(playlist)) {
            return lines.filter(line -> !line.startsWith("#"))
                    .map(playlist::resolveSibling)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
