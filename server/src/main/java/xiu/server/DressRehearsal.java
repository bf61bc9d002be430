package xiu.server;

import java.net.InetSocketAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.rehearsal.Rehearsal;
import xiu.server.settings.LoadedSettings;
import xiu.server.settings.SettingsFile;

/**
 * Starts the server as it ships, with settings of its own, and has {@link Rehearsal} publish to it and play from it.
 * The launcher runs this once, with the JVM options that write a start-up cache at the end.
 */
final class DressRehearsal {
    /** About three seconds. */
    private static final int FRAMES = 600;

    private static final Logger log = LoggerFactory.getLogger(DressRehearsal.class);

    private DressRehearsal() {}

    /** Every protocol, on loopback and ports that the system picks. */
    static LoadedSettings settings() {
        return SettingsFile.load("rehearsal", """
                address = "127.0.0.1"
                [rtmp]
                port = 0
                [httpflv]
                port = 0
                [hls]
                port = 0
                """);
    }

    /** Plays; throws {@link Rehearsal.FailedException} when that does not go as it should. */
    static void play(List<Endpoint> endpoints) throws InterruptedException {
        log.info("event=rehearsed frames={}", Rehearsal.perform(stage(endpoints), FRAMES));
    }

    /** Where the server listens. */
    static Rehearsal.Stage stage(List<Endpoint> endpoints) {
        return new Rehearsal.Stage(
                address(endpoints, "rtmp"), address(endpoints, "httpflv"), address(endpoints, "hls"));
    }

    private static InetSocketAddress address(List<Endpoint> endpoints, String protocol) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.protocol().equals(protocol)) {
                return endpoint.address();
            }
        }
        throw new IllegalStateException(protocol + ": does not listen (expected: all three)");
    }
}
