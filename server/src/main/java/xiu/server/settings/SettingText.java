package xiu.server.settings;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import xiu.config.RecordShape;

/** The value of a key as a log or an operator may see it: nearly as in the file, and without secrets. */
final class SettingText {
    /** Where there is no value. */
    static final String NONE = "none";

    private static final String SECRETS = "authsecret.";

    private SettingText() {}

    static String of(String key, @Nullable Object value) {
        return key.startsWith(SECRETS) ? (isEmpty(value) ? NONE : "hidden") : of(value);
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value == null || value.toString().isEmpty();
    }

    private static String of(@Nullable Object value) {
        return switch (value) {
            case null -> NONE;
            case Optional<?> optional -> of(optional.orElse(null));
            case Duration time -> time.toMillis() % 1_000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
            case List<?> list -> list.stream().map(SettingText::of).toList().toString();
            // A record with one component is a value that says itself what may be seen of it.
            case Record record when record.getClass().getRecordComponents().length > 1 -> table(record);
            default -> value.toString();
        };
    }

    private static String table(Record record) {
        RecordShape shape = new RecordShape(record.getClass());
        Object[] values = shape.values(record);
        StringJoiner text = new StringJoiner(" ");
        for (int i = 0; i < values.length; i++) {
            String value = of(values[i]);
            if (!value.equals(NONE)) {
                text.add(shape.keys().get(i) + "=" + value);
            }
        }
        return text.toString();
    }
}
