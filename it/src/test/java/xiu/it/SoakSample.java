package xiu.it;

import java.util.List;

/**
 * What a server holds at a moment when nobody uses it.
 *
 * @param minutes since the first client
 * @param objects what is reachable
 * @param process descriptors and threads
 * @param directKiB memory that the allocator of buffers has taken
 * @param residentKiB memory of the machine
 * @param files on disk, segments and playlists
 */
record SoakSample(
        double minutes, LiveObjects objects, ServerFigures process, long directKiB, long residentKiB, long files) {
    static final String HEAD = "%-7s %6s %9s %9s %9s %8s %8s %8s %8s %8s %8s%n"
            .formatted(
                    "server",
                    "minute",
                    "heap KiB",
                    "direct",
                    "resident",
                    "fds",
                    "threads",
                    "streams",
                    "sessions",
                    "players",
                    "on disk");

    private static final List<String> STREAMS = List.of("xiu.stream.MediaStream", "xiu.protocol.hls.HlsStream");
    private static final List<String> SESSIONS = List.of(
            "xiu.protocol.rtmp.server.RtmpServerSession",
            "xiu.protocol.rtmp.client.RtmpPullSource",
            "xiu.protocol.rtmp.client.RtmpPushSink",
            "xiu.http.http1.HttpConnection");
    private static final List<String> PLAYERS = List.of("xiu.stream.Viewer", "xiu.transport.Playback");

    static SoakSample of(XiuProcess server, double minutes, long files) {
        // First: it makes the server collect its garbage, with which buffers go whose threads have ended.
        LiveObjects objects = LiveObjects.of(server);
        long direct = DirectMemory.allocated(server) >> 10;
        ServerFigures process = ServerFigures.of(server);
        return new SoakSample(minutes, objects, process, direct, ServerFigures.processKiB(server), files);
    }

    long heapKiB() {
        return objects.bytes() >> 10;
    }

    String line(String server) {
        return "%-7s %6.1f %9d %9d %9d %8d %8d %8d %8d %8d %8d%n"
                .formatted(
                        server,
                        minutes,
                        heapKiB(),
                        directKiB,
                        residentKiB,
                        process.descriptors(),
                        process.threads(),
                        count(STREAMS),
                        count(SESSIONS),
                        count(PLAYERS),
                        files);
    }

    private long count(List<String> types) {
        return types.stream().mapToLong(objects::count).sum();
    }
}
