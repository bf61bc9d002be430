package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The load tool of benchmarks/ against the built server, for correctness alone: all play, and every frame is there. */
class LoadSmokeIT {
    /** Many times what it takes: whatever else the machine does must not matter. */
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    @Test
    void everyPlayerOfEveryProtocolPlaysAndMissesNothing() throws IOException {
        Path root = Workspace.root();
        List<String> command = List.of(root.resolve("benchmarks/smoke.sh").toString());
        try (ExternalProcess smoke = ExternalProcess.start(root, BenchmarkTools.environment(), command)) {
            int exit = smoke.awaitExit(TIMEOUT);
            assertThat(exit).as(() -> smoke.describe("exit code")).isZero();
            assertThat(smoke.output().lines().filter(line -> line.startsWith("ok ")))
                    .as(() -> smoke.describe("runs"))
                    .hasSize(6);
            assertThat(smoke.output()).doesNotContain("FAILED");
        }
    }
}
