package xiu.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a server holds of the machine.
 *
 * @param descriptors open files and sockets
 * @param threads threads of the process
 * @param directKiB memory outside the heap that the allocator of buffers has taken; the server must be started with
 *     {@link DirectMemory#ASKABLE}
 */
record ServerFigures(int descriptors, int threads, long directKiB) {
    private static final Pattern RESIDENT = Pattern.compile("RssAnon:\\s+(\\d+) kB");
    private static final Pattern ALL_RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    /** Local address and port, remote ones, state, bytes that wait to be sent; all in hexadecimal. */
    private static final Pattern SOCKET =
            Pattern.compile("^\\s*\\d+: [0-9A-F]+:([0-9A-F]{4}) \\S+ \\S\\S ([0-9A-F]{8}):", Pattern.MULTILINE);

    static ServerFigures of(XiuProcess server) {
        Path process = Path.of("/proc", Long.toString(server.pid()));
        // First: to be asked for the first time costs the server a thread and a socket.
        long direct = DirectMemory.allocated(server) >> 10;
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
        Matcher found = line.matcher(read(Path.of("/proc", Long.toString(server.pid()), "status")));
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    private static int entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return (int) entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the kernel holds for peers of the server that have not taken it yet, also after the server has closed. */
    static long unsentKiB(XiuProcess server) {
        List<Integer> ports = List.of(server.port("rtmp"), server.port("httpflv"), server.port("hls"));
        long bytes = 0;
        for (String table : List.of("tcp", "tcp6")) {
            Matcher socket = SOCKET.matcher(read(Path.of("/proc/net", table)));
            while (socket.find()) {
                if (ports.contains(Integer.parseInt(socket.group(1), 16))) {
                    bytes += Long.parseLong(socket.group(2), 16);
                }
            }
        }
        return bytes >> 10;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
