package xiu.server;

import java.nio.file.Path;
import xiu.server.settings.Listeners;
import xiu.server.settings.LoadedSettings;
import xiu.service.relay.PullSettings;
import xiu.service.relay.PushSettings;

/** The output of {@code xiu check} for a file without mistakes. */
final class CheckReport {
    private CheckReport() {}

    static String text(Path file, LoadedSettings loaded) {
        StringBuilder text = new StringBuilder(file + ": ok\n");
        for (Listeners.Listener listener : Listeners.of(loaded.settings())) {
            String where =
                    new Endpoint(listener.name(), listener.address().withPort(listener.port()), listener.tls()).where();
            text.append("  ")
                    .append(listener.name())
                    .append(" would listen on ")
                    .append(where);
            text.append(listener.port() == 0 ? " (any free port)\n" : "\n");
        }
        for (PullSettings pull : loaded.settings().relay().pull()) {
            if (pull.enabled()) {
                text.append("  would pull ")
                        .append(pull.match())
                        .append(" from ")
                        .append(pull.upstream())
                        .append('\n');
            }
        }
        for (PushSettings push : loaded.settings().relay().push()) {
            if (push.enabled()) {
                text.append("  would push ")
                        .append(push.match())
                        .append(" to ")
                        .append(push.target())
                        .append('\n');
            }
        }
        for (String warning : loaded.warnings()) {
            text.append("warning: ").append(warning).append('\n');
        }
        for (String note : loaded.notes()) {
            text.append("note: ").append(note).append('\n');
        }
        return text.toString();
    }
}
