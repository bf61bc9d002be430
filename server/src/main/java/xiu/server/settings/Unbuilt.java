package xiu.server.settings;

import java.util.List;
import java.util.Optional;
import xiu.config.TomlBinder;

/**
 * What the configuration may hold although it is not built yet. The one place to change when something is: a section
 * leaves {@link #SECTIONS} and gets its settings record.
 */
final class Unbuilt {
    /** XIU's sections that are accepted, whatever they hold. */
    private static final List<String> SECTIONS = List.of("httpapi", "httpnotify", "rtsp", "webrtc", "gb28181");

    private Unbuilt() {}

    /** Accepts XIU's other sections, and adds a warning for each that is enabled. */
    static void acceptSections(TomlBinder toml, List<String> warnings) {
        for (String section : SECTIONS) {
            toml.ignore(section);
            if (isOn(toml, section)) {
                warnings.add(toml.file() + ":" + toml.line(section) + ": " + section
                        + ": enabled, but this version does not have it yet; it is ignored");
            }
        }
    }

    /**
     * An authentication that is switched on is never ignored: where it does not work it is a reason not to start. A
     * section that is off leaves nothing unprotected, and XIU's own example has some of those.
     */
    static void refuseAuth(TomlBinder toml) {
        for (String section : SECTIONS) {
            if (!isOn(toml, section)) {
                continue;
            }
            for (String key : List.of("auth", "auth.enabled", "auth.pull_enabled", "auth.push_enabled")) {
                refuseIfTrue(toml, section + "." + key);
            }
        }
    }

    /** XIU's [httpapi] has no "enabled": being there is enough. */
    private static boolean isOn(TomlBinder toml, String section) {
        return toml.has(section) && !toml.value(section + ".enabled").equals(Optional.of(false));
    }

    private static void refuseIfTrue(TomlBinder toml, String key) {
        if (toml.value(key).equals(Optional.of(true))) {
            toml.problem(
                    key,
                    "true, but this version cannot check tokens yet and does not start unprotected (expected: false)");
        }
    }
}
