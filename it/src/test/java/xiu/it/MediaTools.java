package xiu.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The programs ffmpeg and ffprobe of a Maven artifact, unpacked once below it/target. */
final class MediaTools {
    private static final String FOLDER = "org/bytedeco/ffmpeg/linux-x86_64-gpl/";
    private static final Path TOOLS = unpack();

    private MediaTools() {}

    static Path ffmpeg() {
        return TOOLS.resolve("ffmpeg");
    }

    static Path ffprobe() {
        return TOOLS.resolve("ffprobe");
    }

    /** Runs ffmpeg to its end; fails unless it exits with 0 in time. */
    static void ffmpeg(Duration timeout, String... arguments) {
        ExternalProcess.run(timeout, command(ffmpeg(), arguments));
    }

    /** Runs ffprobe to its end and returns what it printed; fails unless it exits with 0 in time. */
    static String ffprobe(Duration timeout, String... arguments) {
        return ExternalProcess.run(timeout, command(ffprobe(), arguments));
    }

    /** Arguments that decode a file and stop at the first error; times are those of the file, not of a frame rate. */
    static String[] decoding(Path file) {
        String input = file.toString();
        return new String[] {
            "-v",
            "error",
            "-xerror",
            "-err_detect",
            "explode",
            "-i",
            input,
            "-fps_mode",
            "passthrough",
            "-enc_time_base:v",
            "demux",
            "-f",
            "null",
            "-"
        };
    }

    /** Starts ffmpeg and returns at once. */
    static ExternalProcess startFfmpeg(String... arguments) {
        return ExternalProcess.start(Workspace.directory("work"), Map.of(), command(ffmpeg(), arguments));
    }

    /** Publishes a file in real time, once, by RTMP. */
    static ExternalProcess publish(Path file, String url) {
        return startFfmpeg(
                "-re", "-i", file.toString(), "-c", "copy", "-f", "flv", "-flvflags", "no_duration_filesize", url);
    }

    /** Publishes a file in real time by RTMP, over and over. */
    static ExternalProcess publishForEver(Path file, String url) {
        return startFfmpeg(
                "-re",
                "-stream_loop",
                "-1",
                "-i",
                file.toString(),
                "-c",
                "copy",
                "-f",
                "flv",
                "-flvflags",
                "no_duration_filesize",
                url);
    }

    private static List<String> command(Path tool, String... arguments) {
        List<String> command = new ArrayList<>(List.of(tool.toString(), "-hide_banner", "-loglevel", "warning"));
        if (tool.endsWith("ffmpeg")) {
            command.addAll(List.of("-nostdin", "-y"));
        }
        Collections.addAll(command, arguments);
        return command;
    }

    private static Path unpack() {
        URL found = MediaTools.class.getClassLoader().getResource(FOLDER + "ffmpeg");
        if (found == null) {
            throw new IllegalStateException("ffmpeg: not on the class path (expected: org.bytedeco:ffmpeg)");
        }
        try {
            JarURLConnection connection = (JarURLConnection) found.openConnection();
            String jar =
                    Path.of(connection.getJarFileURL().getPath()).getFileName().toString();
            Path target = Workspace.directory("tools").resolve(jar.replaceFirst("\\.jar$", ""));
            if (Files.notExists(target)) {
                unpack(connection.getJarFile(), target);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unpacks beside the target and moves it there, so that a half unpacked one is never used. */
    private static void unpack(JarFile jar, Path target) throws IOException {
        Path unfinished = Files.createTempDirectory(target.getParent(), "unpacking-");
        for (JarEntry entry : Collections.list(jar.entries())) {
            String name = entry.getName().startsWith(FOLDER) ? entry.getName().substring(FOLDER.length()) : "";
            boolean wanted = name.matches("ff(mpeg|probe)|lib(av|sw)[a-z]+\\.so.*");
            if (wanted && !entry.isDirectory()) {
                Path file = unfinished.resolve(name);
                try (InputStream content = jar.getInputStream(entry)) {
                    Files.copy(content, file);
                }
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        try {
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Another JVM of the tests may have been earlier; what it unpacked is the same.
            if (Files.notExists(target)) {
                throw e;
            }
        }
    }
}
