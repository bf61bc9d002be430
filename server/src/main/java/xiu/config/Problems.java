package xiu.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;

/** The problems found in one file so far. */
final class Problems {
    private record Problem(int line, int column, String message) {}

    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    /** Adds a line {@code file:line: key: message}. */
    void add(@Nullable TomlPosition position, String key, String message) {
        int line = position == null ? 0 : position.line();
        String place = line == 0 ? file : file + ":" + line;
        found.add(new Problem(
                line,
                position == null ? 0 : position.column(),
                place + ": " + (key.isEmpty() ? "" : key + ": ") + message));
    }

    void throwIfAny() {
        if (found.isEmpty()) {
            return;
        }
        found.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        List<String> messages = new ArrayList<>(found.size());
        for (Problem problem : found) {
            messages.add(problem.message());
        }
        throw new ConfigException(messages);
    }
}
