package xiu.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** The keys that the binder asked for, by table. Any other key in the file is a mistake. */
final class KnownKeys {
    private final Map<String, Set<String>> byTable = new LinkedHashMap<>();
    private final Set<String> ignored = new HashSet<>();

    void add(String table, String key) {
        byTable.computeIfAbsent(table, t -> new LinkedHashSet<>()).add(key);
        addParent(table);
    }

    void ignore(String table) {
        ignored.add(table);
        addParent(table);
    }

    private void addParent(String table) {
        if (!table.isEmpty()) {
            int dot = table.lastIndexOf('.');
            add(dot < 0 ? "" : table.substring(0, dot), table.substring(dot + 1));
        }
    }

    /** Reports every key of the file's tables that was not asked for. */
    void reportUnknown(TomlTable root, Problems problems) {
        for (Map.Entry<String, Set<String>> entry : byTable.entrySet()) {
            String path = entry.getKey();
            if (!ignored.contains(path) && lookup(root, path) instanceof TomlTable table) {
                for (String key : table.keySet()) {
                    if (!entry.getValue().contains(key)) {
                        report(table, key, path, suggest(key, entry.getValue()), problems);
                    }
                }
            }
        }
    }

    /** Reports the keys of a table that are not among those known. */
    static void reportUnknown(TomlTable table, Collection<String> known, String path, Problems problems) {
        for (String key : table.keySet()) {
            if (!known.contains(key)) {
                report(table, key, path, Spelling.nearest(key, known), problems);
            }
        }
    }

    private static void report(
            TomlTable table, String key, String path, @Nullable String suggestion, Problems problems) {
        String what = table.get(List.of(key)) instanceof TomlTable ? "unknown table" : "unknown key";
        problems.add(
                table.inputPositionOf(List.of(key)),
                path.isEmpty() ? key : path + "." + key,
                what + (suggestion == null ? "" : " (did you mean \"" + suggestion + "\"?)"));
    }

    /** The nearest word of the same table, or else of another one. */
    private @Nullable String suggest(String key, Set<String> known) {
        String near = Spelling.nearest(key, known);
        if (near != null) {
            return near;
        }
        for (Map.Entry<String, Set<String>> entry : byTable.entrySet()) {
            String other = entry.getKey().isEmpty() ? null : Spelling.nearest(key, entry.getValue());
            if (other != null) {
                return entry.getKey() + "." + other;
            }
        }
        return null;
    }

    /** The value at a path; null when there is none. The empty path is the file itself. */
    static @Nullable Object lookup(TomlTable root, String path) {
        Object found = root;
        for (String key : path.isEmpty() ? List.<String>of() : split(path)) {
            found = found instanceof TomlTable table ? table.get(List.of(key)) : null;
        }
        return found;
    }

    /** The keys of a path. A key with a dot in it cannot be found this way; no known key has one. */
    static List<String> split(String path) {
        List<String> keys = new ArrayList<>();
        int from = 0;
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', from)) {
            keys.add(path.substring(from, dot));
            from = dot + 1;
        }
        keys.add(path.substring(from));
        return keys;
    }

    /** Where a key stands, or else the nearest table around it; null if neither is in the file. */
    static @Nullable TomlPosition position(TomlTable root, String path) {
        List<String> keys = split(path);
        for (int length = keys.size(); length > 0; length--) {
            List<String> part = keys.subList(0, length);
            if (lookup(root, String.join(".", part)) != null) {
                return root.inputPositionOf(part);
            }
        }
        return null;
    }
}
