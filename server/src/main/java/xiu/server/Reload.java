package xiu.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import xiu.config.ConfigException;
import xiu.server.settings.Effect;
import xiu.server.settings.LoadedSettings;
import xiu.server.settings.ServerSettings;
import xiu.server.settings.SettingsDiff;
import xiu.server.settings.SettingsFile;
import xiu.settings.Live;

/**
 * Replaces the settings of a running server by those that its file has now. A file with any problem changes nothing.
 * Any thread.
 */
final class Reload {
    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    private final @Nullable Path file;
    private final Live<ServerSettings> settings;

    /**
     * Reloads for one server.
     *
     * @param file what it was started with; null: without a file
     * @param settings its settings
     */
    Reload(@Nullable Path file, Live<ServerSettings> settings) {
        this.file = file;
        this.settings = settings;
    }

    /**
     * Reads the file, logs what is different, and applies what can be applied without a restart. Logs the outcome in
     * any case.
     */
    synchronized void run() {
        if (file == null) {
            log.warn("event=config_not_reloaded reason=\"the server was started without a file\"");
            return;
        }
        try {
            apply(file, SettingsFile.load(file));
        } catch (ConfigException e) {
            for (String problem : e.problems()) {
                log.error("event=config_problem problem=\"{}\"", problem);
            }
            log.error(
                    "event=config_not_reloaded file={} problems={}",
                    file,
                    e.problems().size());
        } catch (RuntimeException | Error e) {
            log.error("event=config_reload_failed file={} reason=\"a fault in Xiu itself\"", file, e);
        }
    }

    private void apply(Path from, LoadedSettings loaded) {
        for (String warning : loaded.warnings()) {
            log.warn("event=config_warning detail=\"{}\"", warning);
        }
        for (String note : loaded.notes()) {
            log.info("event=config_note detail=\"{}\"", note);
        }
        SettingsDiff diff = SettingsDiff.between(settings.now(), loaded.settings());
        for (SettingsDiff.Change change : diff.changes()) {
            report(change);
        }
        settings.set(diff.applied());
        int waiting = diff.restartKeys().size();
        log.info(
                "event=config_reloaded file={} changed={} restart_needed={}",
                from,
                diff.changes().stream()
                        .filter(change -> change.effect() != Effect.RESTART)
                        .count(),
                waiting == 0 ? "no" : String.join(",", diff.restartKeys()));
    }

    private static void report(SettingsDiff.Change change) {
        String effect = switch (change.effect()) {
            case AT_ONCE -> "at_once";
            case NEXT -> "next";
            case RESTART -> "restart";
        };
        log.atLevel(change.effect() == Effect.RESTART ? Level.WARN : Level.INFO)
                .log(
                        "event=config_changed key={} from=\"{}\" to=\"{}\" effect={}",
                        change.key(),
                        change.from(),
                        change.to(),
                        effect);
    }
}
