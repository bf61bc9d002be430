package xiu.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a server holds of the machine.
 *
 * @param descriptors open files and sockets
 * @param threads threads of the process
 * @param directKiB memory outside the heap that buffers have reserved
 */
record ServerFigures(int descriptors, int threads, long directKiB) {
    /** What a server must be started with, so that {@link #directKiB} can be told. */
    static final String TRACKED = "-XX:NativeMemoryTracking=summary";

    private static final Pattern RESIDENT = Pattern.compile("RssAnon:\\s+(\\d+) kB");
    private static final Pattern ALL_RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=(\\d+)KB");

    static ServerFigures of(XiuProcess server) {
        Path process = Path.of("/proc", Long.toString(server.pid()));
        // First: to be asked for the first time costs the server a thread and a socket.
        long direct = direct(server);
        return new ServerFigures(entries(process.resolve("fd")), entries(process.resolve("task")), direct);
    }

    static int descriptors(XiuProcess server) {
        return entries(Path.of("/proc", Long.toString(server.pid()), "fd"));
    }

    /** What the process really holds of the machine's memory; that of buffers, where the heap is held from the start. */
    static long residentKiB(XiuProcess server) {
        return status(server, RESIDENT);
    }

    /** All that the process holds of the machine's memory. */
    static long processKiB(XiuProcess server) {
        return status(server, ALL_RESIDENT);
    }

    private static long status(XiuProcess server, Pattern line) {
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(server.pid()), "status"));
            Matcher found = line.matcher(status);
            return found.find() ? Long.parseLong(found.group(1)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return (int) entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long direct(XiuProcess server) {
        String summary = ExternalProcess.run(
                Duration.ofSeconds(20),
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(server.pid()),
                "VM.native_memory",
                "summary");
        Matcher found = OTHER.matcher(summary);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
}
