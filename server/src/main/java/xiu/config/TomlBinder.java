package xiu.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseOptions;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Binds the tables of a TOML file to settings records. Nothing is reported before {@link #finish()}, which then
 * reports everything that is wrong with the file at once. Several records may take their keys from one table.
 *
 * <p>A record's constructor checks its values and throws {@code IllegalArgumentException("key: got (expected: …)")};
 * file, line and table are added here. Keys that the file does not name are taken from a record of defaults; the
 * elements of lists take them from the static method {@code defaults()} of their class.
 */
public final class TomlBinder {
    private static final int MAX_NESTING = 16;

    private final TomlTable root;
    private final Problems problems;
    private final KnownKeys known = new KnownKeys();

    private TomlBinder(TomlTable root, Problems problems) {
        this.root = root;
        this.problems = problems;
    }

    /**
     * Reads and parses a file.
     *
     * @throws ConfigException when it cannot be read, is empty, or is not TOML
     */
    public static TomlBinder read(Path file) {
        return parse(file.toString(), ConfigFile.read(file));
    }

    /**
     * Parses a text.
     *
     * @param file what messages call it
     * @throws ConfigException when it is not TOML or says nothing
     */
    public static TomlBinder parse(String file, String text) {
        TomlParseResult result = Toml.parse(text, TomlParseOptions.sourceless().withMaxNestingDepth(MAX_NESTING));
        Problems problems = new Problems(file);
        for (TomlParseError error : result.errors()) {
            problems.add(error.position(), "", String.valueOf(error.getMessage()));
        }
        if (!result.hasErrors() && result.isEmpty()) {
            problems.add(null, "", "empty (expected: TOML tables such as [rtmp])");
        }
        problems.throwIfAny();
        return new TomlBinder(result, problems);
    }

    /** Whether the file has this key or table, given as a path like {@code rtmp.pull}. */
    public boolean has(String path) {
        return KnownKeys.lookup(root, path) != null;
    }

    /** Whether an element of a list of tables has this key; a single table stands for a list of one. */
    public boolean has(String path, int index, String key) {
        Object value = KnownKeys.lookup(root, path);
        Object element = value instanceof TomlArray array && index < array.size() ? array.get(index) : value;
        return element instanceof TomlTable table && table.contains(List.of(key));
    }

    /** The plain value at a path, if there is one. */
    public Optional<Object> value(String path) {
        return Optional.ofNullable(KnownKeys.lookup(root, path));
    }

    /** The names of all top-level keys and tables. */
    public Set<String> tables() {
        return root.keySet();
    }

    /** Binds a table; see {@link #bind(String, String, Record, String...)}. */
    public <R extends Record> R bind(String table, R base, String... foreign) {
        return bind(table, "", base, foreign);
    }

    /**
     * Binds those keys of a table that begin with a prefix.
     *
     * @param table path of the table; the empty path is the file itself
     * @param prefix what precedes the component's name in the key; may be empty
     * @param base values for keys that the file does not name
     * @param foreign keys (without prefix) of components that do not come from this table: {@code base} has them
     * @return the record, or one with some of the values of {@code base} when there are problems
     */
    public <R extends Record> R bind(String table, String prefix, R base, String... foreign) {
        RecordShape shape = new RecordShape(base.getClass());
        for (String key : shape.keys()) {
            if (!List.of(foreign).contains(key)) {
                known.add(table, prefix + key);
            }
        }
        Object value = KnownKeys.lookup(root, table);
        if (value == null) {
            return base;
        }
        if (!(value instanceof TomlTable toml)) {
            problem(table, kindProblem(value));
            return base;
        }
        @SuppressWarnings("unchecked")
        R bound = (R) fill(new Scope(toml, table, prefix, positionOf(table)), shape, base, List.of(foreign));
        return bound;
    }

    /** What messages call the file. */
    public String file() {
        return problems.file();
    }

    /** Accepts whatever a table holds. */
    public void ignore(String table) {
        known.ignore(table);
    }

    /** Reports a problem with a key, at its line if the file names it and else at the line of its table. */
    public void problem(String path, String message) {
        problems.add(positionOf(path), path, message);
    }

    /** Reports a problem with an element of a list of tables. */
    public void problem(String path, int index, String message) {
        boolean array = KnownKeys.lookup(root, path) instanceof TomlArray;
        problems.add(positionOf(path, index), array ? path + "[" + index + "]" : path, message);
    }

    /** The line of an element of a list of tables; 0 if there is none. */
    public int line(String path, int index) {
        TomlPosition position = positionOf(path, index);
        return position == null ? 0 : position.line();
    }

    /** The line of a key or table, or of the table it would be in; 0 if neither is in the file. */
    public int line(String path) {
        TomlPosition position = positionOf(path);
        return position == null ? 0 : position.line();
    }

    /**
     * Ends the binding.
     *
     * @throws ConfigException with all problems, among them the keys and tables that nobody asked for
     */
    public void finish() {
        known.reportUnknown(root, problems);
        problems.throwIfAny();
    }

    private Object fill(Scope scope, RecordShape shape, Object base, List<String> foreign) {
        Object[] values = shape.values(base);
        for (int i = 0; i < values.length; i++) {
            String key = shape.keys().get(i);
            Object value = foreign.contains(key) ? null : scope.table().get(List.of(scope.prefix() + key));
            if (value != null) {
                Object read = readOrReport(value, shape.type(i), values[i], scope.child(key));
                values[i] = read == null ? values[i] : read;
            }
        }
        return construct(scope, shape, values, base);
    }

    private @Nullable Object readOrReport(Object value, Type type, @Nullable Object base, Scope at) {
        try {
            return read(value, type, base, at);
        } catch (IllegalArgumentException e) {
            problems.add(at.position(), at.path(), String.valueOf(e.getMessage()));
            return null;
        }
    }

    private Object read(Object value, Type type, @Nullable Object base, Scope at) {
        if (type instanceof ParameterizedType generic) {
            Type argument = generic.getActualTypeArguments()[0];
            return generic.getRawType() == List.class
                    ? readList(value, argument, at)
                    : Optional.of(read(value, argument, null, at));
        }
        Class<?> raw = (Class<?>) type;
        if (!raw.isRecord() || value instanceof String) {
            return ScalarReader.read(value, raw);
        }
        if (!(value instanceof TomlTable table)) {
            return ScalarReader.fail(value, "a table");
        }
        RecordShape shape = new RecordShape(raw);
        KnownKeys.reportUnknown(table, shape.keys(), at.path(), problems);
        return fill(at.inside(table), shape, base == null ? RecordShape.defaults(raw) : base, List.of());
    }

    /** A single table, or a single value, stands for a list of one. */
    private List<Object> readList(Object value, Type element, Scope at) {
        List<Object> list = new ArrayList<>();
        if (!(value instanceof TomlArray array)) {
            list.add(read(value, element, null, at));
            return list;
        }
        for (int i = 0; i < array.size(); i++) {
            Object item = readOrReport(array.get(i), element, null, at.item(array, i));
            if (item != null) {
                list.add(item);
            }
        }
        return list;
    }

    /** Creates the record; a value that its constructor refuses is reported and replaced, so that the next is seen too. */
    private Object construct(Scope scope, RecordShape shape, Object[] values, Object base) {
        Object[] defaults = shape.values(base);
        while (true) {
            try {
                return shape.create(values);
            } catch (IllegalArgumentException e) {
                String message = String.valueOf(e.getMessage());
                int colon = Math.max(message.indexOf(": "), 0);
                int index = shape.keys().indexOf(message.substring(0, colon));
                if (index < 0) {
                    problems.add(scope.position(), scope.path(), message);
                    return base;
                }
                Scope at = scope.child(shape.keys().get(index));
                problems.add(at.position(), at.path(), message.substring(colon + 2));
                if (values[index] == defaults[index]) {
                    return base;
                }
                values[index] = defaults[index];
            }
        }
    }

    private static String kindProblem(Object value) {
        try {
            return String.valueOf(ScalarReader.fail(value, "a table"));
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private @Nullable TomlPosition positionOf(String path, int index) {
        return KnownKeys.lookup(root, path) instanceof TomlArray array
                ? array.inputPositionOf(index)
                : positionOf(path);
    }

    private @Nullable TomlPosition positionOf(String path) {
        return KnownKeys.position(root, path);
    }
}
