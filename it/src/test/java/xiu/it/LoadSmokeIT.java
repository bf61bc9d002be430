package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The load tool of benchmarks/ against the built server, for correctness alone: all play, and every frame is there. */
class LoadSmokeIT {
    /** Many times what it takes: whatever else the machine does must not matter. */
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    @Test
    void everyPlayerOfEveryProtocolPlaysAndMissesNothing() throws IOException {
        Path root = Workspace.root();
        Map<String, String> environment = Map.of(
                "XIU", server(root).toString(),
                "XIU_BENCH_BUILD", Workspace.directory("benchmarks").toString(),
                "FFMPEG", MediaTools.ffmpeg().toString(),
                "PORT", Integer.toString(RelayRecorder.freePort()),
                "HTTP_PORT", Integer.toString(RelayRecorder.freePort()),
                "HELPER_PORT", Integer.toString(RelayRecorder.freePort()));
        List<String> command = List.of(root.resolve("benchmarks/smoke.sh").toString());
        try (ExternalProcess smoke = ExternalProcess.start(root, environment, command)) {
            int exit = smoke.awaitExit(TIMEOUT);
            assertThat(exit).as(() -> smoke.describe("exit code")).isZero();
            assertThat(smoke.output().lines().filter(line -> line.startsWith("ok ")))
                    .as(() -> smoke.describe("runs"))
                    .hasSize(6);
            assertThat(smoke.output()).doesNotContain("FAILED");
        }
    }

    /** A start script for the jar that this build has made; the launcher would look for sources that are newer. */
    private static Path server(Path root) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path jar = root.resolve("server/target/xiu.jar");
        assertThat(jar).as("the built server (mvn package)").exists();
        Path script = Workspace.temporary("smoke").resolve("xiu");
        Files.writeString(script, "#!/bin/sh\nexec '" + java + "' -Xmx256m -jar '" + jar + "' \"$@\"\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
