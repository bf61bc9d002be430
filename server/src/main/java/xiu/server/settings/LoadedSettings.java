package xiu.server.settings;

import java.util.List;
import java.util.Map;

/**
 * Valid settings, and remarks about them.
 *
 * @param settings the settings
 * @param warnings what the user asked for and will not get, one line each
 * @param notes what is probably not intended, one line each
 * @param places where each {@code port} was set, for messages: key → {@code config.toml:3: rtmp.port}
 */
public record LoadedSettings(
        ServerSettings settings, List<String> warnings, List<String> notes, Map<String, String> places) {
    /** How a message about a key begins. */
    public String place(String key) {
        return places.getOrDefault(key, key);
    }
}
