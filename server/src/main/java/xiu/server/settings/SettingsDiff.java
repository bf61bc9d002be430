package xiu.server.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xiu.config.RecordShape;

/**
 * What is different between the settings of a running server and others, key by key as in the file.
 *
 * @param changes each key that has another value; one for each element of a list that comes or goes
 * @param applied the running settings with everything replaced that can be replaced without a restart
 */
public record SettingsDiff(List<Change> changes, ServerSettings applied) {
    /** Records that are tables, by the way to them, and what precedes their keys in the file. */
    static final Map<String, String> TABLES = Map.ofEntries(
            Map.entry("rtmp", "rtmp."),
            Map.entry("rtmp.limits", "limits.rtmp_"),
            Map.entry("rtmp.login", "rtmp.auth."),
            Map.entry("httpflv", "httpflv."),
            Map.entry("hls", "hls."),
            Map.entry("hls.limits", "limits.hls_"),
            Map.entry("stream", "stream."),
            Map.entry("stream.limits", "limits."),
            Map.entry("relay", "rtmp."),
            Map.entry("transport", "transport."),
            Map.entry("transport.limits", "limits."),
            Map.entry("http", "limits.http_"),
            Map.entry("auth", ""),
            Map.entry("auth.secret", "authsecret."),
            Map.entry("auth.rtmp", "rtmp.auth."),
            Map.entry("auth.httpflv", "httpflv.auth."),
            Map.entry("auth.hls", "hls.auth."),
            Map.entry("tls", "tls."),
            Map.entry("tls_ports", ""),
            Map.entry("tls_ports.rtmp", "rtmp.tls."),
            Map.entry("tls_ports.httpflv", "httpflv.tls."),
            Map.entry("tls_ports.hls", "hls.tls."),
            Map.entry("log", "log."),
            Map.entry("log.file", "log.file."));

    /** Components that take their value from another table. */
    private static final Map<String, String> ELSEWHERE = Map.of("stream.gop_num", "rtmp.gop_num");

    /**
     * One key with another value.
     *
     * @param key as in the file, with its table
     * @param from what counts so far, without secrets; {@code none} for an element of a list that is new
     * @param to what the others have, without secrets; {@code none} for an element of a list that goes
     * @param effect when it counts
     */
    public record Change(String key, String from, String to, Effect effect) {}

    /** Compares; the text of the changes never shows a secret. */
    public static SettingsDiff between(ServerSettings running, ServerSettings next) {
        Map<String, List<Change>> changes = new LinkedHashMap<>();
        Object applied = replaced("", running, next, changes);
        List<Change> all = new ArrayList<>();
        changes.values().forEach(all::addAll);
        return new SettingsDiff(List.copyOf(all), (ServerSettings) applied);
    }

    /** The keys that only a restart changes, without repetitions. */
    public List<String> restartKeys() {
        return changes.stream()
                .filter(change -> change.effect() == Effect.RESTART)
                .map(Change::key)
                .distinct()
                .toList();
    }

    private static Object replaced(String path, Object running, Object next, Map<String, List<Change>> changes) {
        RecordShape shape = new RecordShape(running.getClass());
        Object[] before = shape.values(running);
        Object[] after = shape.values(next);
        for (int i = 0; i < before.length; i++) {
            String component = shape.keys().get(i);
            String inner = path.isEmpty() ? component : path + "." + component;
            if (TABLES.containsKey(inner)) {
                before[i] = replaced(inner, before[i], after[i], changes);
            } else if (!Objects.equals(before[i], after[i])) {
                String key = key(path, component);
                Effect effect = effect(key);
                changes.put(key, described(key, before[i], after[i], effect));
                before[i] = effect == Effect.RESTART ? before[i] : after[i];
            }
        }
        return shape.create(before);
    }

    /** What a component is called in the file. */
    static String key(String table, String component) {
        String key = TABLES.getOrDefault(table, "") + component;
        return ELSEWHERE.getOrDefault(key, key);
    }

    /** A key of which nobody has said that it may change must not. */
    private static Effect effect(String key) {
        Effect known = Effect.of(key);
        return known == null ? Effect.RESTART : known;
    }

    private static List<Change> described(String key, @Nullable Object before, @Nullable Object after, Effect effect) {
        List<Change> changes = new ArrayList<>();
        if (before instanceof List<?> old && after instanceof List<?> now) {
            for (Object element : old) {
                if (!now.contains(element)) {
                    changes.add(new Change(key, SettingText.of(key, element), SettingText.NONE, effect));
                }
            }
            for (Object element : now) {
                if (!old.contains(element)) {
                    changes.add(new Change(key, SettingText.NONE, SettingText.of(key, element), effect));
                }
            }
        }
        if (changes.isEmpty()) {
            changes.add(new Change(key, SettingText.of(key, before), SettingText.of(key, after), effect));
        }
        return changes;
    }
}
