package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** The scripts of benchmarks/ on the server that this build has made, on free ports. */
final class BenchmarkTools {
    private BenchmarkTools() {}

    /** What the scripts read from their environment. */
    static Map<String, String> environment() throws IOException {
        return Map.of(
                "XIU", server().toString(),
                "XIU_BENCH_BUILD", Workspace.directory("benchmarks").toString(),
                "FFMPEG", MediaTools.ffmpeg().toString(),
                "PORT", Integer.toString(FreePorts.next()),
                "HTTP_PORT", Integer.toString(FreePorts.next()),
                "HELPER_PORT", Integer.toString(FreePorts.next()));
    }

    /** A start script for the jar that this build has made; the launcher would look for sources that are newer. */
    private static Path server() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path jar = Workspace.root().resolve("server/target/xiu.jar");
        assertThat(jar).as("the built server (mvn package)").exists();
        Path script = Workspace.temporary("benchmarked").resolve("xiu");
        String options = String.join("' '", JvmOptions.small());
        Files.writeString(
                script, "#!/bin/sh\nexec '" + java + "' '" + options + "' -Xmx256m -jar '" + jar + "' \"$@\"\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
