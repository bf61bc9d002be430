package xiu.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** Turns one TOML value into the Java type of a record component, or says what was expected. */
final class ScalarReader {
    private ScalarReader() {}

    /**
     * Reads a value that is neither table nor array. A {@code long} is a size in bytes, a {@link Duration} a number
     * of seconds; both may also be text with a unit. Classes that are not known here read text by their static
     * method {@code parse(String)}.
     *
     * @throws IllegalArgumentException with "got (expected: …)"
     */
    static Object read(Object value, Class<?> type) {
        if (type == boolean.class) {
            return value instanceof Boolean ? value : fail(value, "true or false");
        }
        if (type == int.class) {
            return value instanceof Long number ? toInt(number) : fail(value, "an integer");
        }
        if (type == long.class) {
            return value instanceof Long
                    ? value
                    : value instanceof String text
                            ? Quantity.bytes(text)
                            : fail(value, "a size like 65536 or \"16MiB\"");
        }
        if (type == double.class) {
            return value instanceof Number number ? (Object) number.doubleValue() : fail(value, "a number");
        }
        if (type == Duration.class) {
            return value instanceof Number number
                    ? Quantity.seconds(number.doubleValue())
                    : value instanceof String text
                            ? Quantity.time(text)
                            : fail(value, "seconds, or a time like \"500ms\"");
        }
        return value instanceof String text ? fromText(text, type) : fail(value, "a string");
    }

    private static Object fromText(String text, Class<?> type) {
        if (type == String.class) {
            return text;
        }
        if (type.isEnum()) {
            return constant(text, type);
        }
        if (type == Path.class) {
            if (text.isBlank()) {
                throw new IllegalArgumentException("\"\" (expected: a path)");
            }
            return NativePaths.parse(text);
        }
        return RecordShape.parse(type, text);
    }

    private static Object constant(String text, Class<?> type) {
        Object[] constants = type.getEnumConstants();
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < constants.length; i++) {
            String name = constants[i].toString().toLowerCase(Locale.ROOT);
            if (name.equals(text)) {
                return constants[i];
            }
            names.append(i == 0 ? "" : i == constants.length - 1 ? " or " : ", ")
                    .append(name);
        }
        throw new IllegalArgumentException("\"" + text + "\" (expected: " + names + ")");
    }

    private static Object toInt(long number) {
        if (number != (int) number) {
            throw new IllegalArgumentException(number + " (expected: a number below 2^31)");
        }
        return (int) number;
    }

    /** Never repeats the value, which may be a secret. */
    static Object fail(Object value, String expected) {
        throw new IllegalArgumentException(kind(value) + " (expected: " + expected + ")");
    }

    private static String kind(Object value) {
        return switch (value) {
            case String text -> "a string";
            case Long number -> "an integer";
            case Double number -> "a decimal number";
            case Boolean truth -> "true or false";
            case TomlArray array -> "an array";
            case TomlTable table -> "a table";
            default -> "a date or time";
        };
    }
}
