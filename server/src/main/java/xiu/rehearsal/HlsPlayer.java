package xiu.rehearsal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;

/** Plays over HLS on one connection: every segment once. */
final class HlsPlayer implements Rehearsal.Player {
    private static final String FOLDER = "/live/rehearsal/";
    /** The rehearsal's stream is eight times as fast as real time, so segments come as fast. */
    private static final long PAUSE_NANOS = 50_000_000;

    private static final int OK = 200;
    private static final int PACKET = 188;
    private static final int VIDEO_STREAM = 0xE0;

    private final InetSocketAddress server;
    private final boolean gzip;
    private final Set<String> fetched = new HashSet<>();

    /** A player of the server's stream. */
    HlsPlayer(InetSocketAddress server, boolean gzip) {
        this.server = server;
        this.gzip = gzip;
    }

    @Override
    public void play(FrameCount seen) throws IOException {
        try (HttpSocket http = new HttpSocket(server)) {
            boolean over = false;
            while (!over && !Thread.currentThread().isInterrupted()) {
                String list = playlist(http);
                for (String line : list.lines().toList()) {
                    if (!line.startsWith("#") && fetched.add(line) && http.get(FOLDER + line, "") == OK) {
                        count(http.body(), seen);
                    }
                }
                over = list.contains("#EXT-X-ENDLIST");
                LockSupport.parkNanos(over ? 0 : PAUSE_NANOS);
            }
        }
    }

    private String playlist(HttpSocket http) throws IOException {
        int status = http.get(FOLDER + "rehearsal.m3u8", gzip ? "Accept-Encoding: gzip\r\n" : "");
        byte[] body = http.body();
        if (status != OK) {
            throw new IOException("playlist: status " + status + " (expected: " + OK + ")");
        }
        return new String(gzip ? unzip(body) : body, StandardCharsets.UTF_8);
    }

    private static byte[] unzip(byte[] bytes) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    /** ISO/IEC 13818-1 §2.4.3.2 and §2.4.3.6: a picture begins where a packet begins a PES packet of the video stream. */
    private static void count(byte[] segment, FrameCount seen) throws IOException {
        for (int at = 0; at < segment.length; at += PACKET) {
            if (segment[at] != 0x47) {
                throw new IOException("segment: no packet at byte " + at);
            }
            boolean begins = (segment[at + 1] & 0x40) != 0;
            boolean adapted = (segment[at + 3] & 0x20) != 0;
            int payload = at + 4 + (adapted ? 1 + (segment[at + 4] & 0xFF) : 0);
            if (begins && segment[payload + 2] == 1 && (segment[payload + 3] & 0xFF) == VIDEO_STREAM) {
                seen.frame();
            }
        }
    }
}
