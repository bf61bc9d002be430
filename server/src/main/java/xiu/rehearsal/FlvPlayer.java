package xiu.rehearsal;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Plays over HTTP-FLV or WebSocket-FLV. */
final class FlvPlayer implements Rehearsal.Player {
    private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: cmVoZWFyc2FsIG9mIHhpdQ==\r\n";
    private static final int FLV_HEADER = 9;
    private static final int TAG_HEADER = 11;
    private static final int TAG_SIZE = 4;
    private static final int AUDIO = 8;
    private static final int VIDEO = 9;
    private static final int CLOSE = 8;

    private final InetSocketAddress server;
    private final boolean webSocket;

    /** A player of the server's stream. */
    FlvPlayer(InetSocketAddress server, boolean webSocket) {
        this.server = server;
        this.webSocket = webSocket;
    }

    @Override
    public void play(FrameCount seen) throws IOException {
        try (HttpSocket http = new HttpSocket(server)) {
            int status = http.get("/live/rehearsal.flv", webSocket ? UPGRADE : "");
            int expected = webSocket ? 101 : 200;
            if (status != expected) {
                throw new IOException("status " + status + " (expected: " + expected + ")");
            }
            if (webSocket) {
                readFrames(http.stream(), seen);
            } else {
                readTags(http.stream(), seen);
            }
        }
    }

    private static void readTags(DataInputStream in, FrameCount seen) throws IOException {
        in.skipNBytes(FLV_HEADER + TAG_SIZE);
        for (byte[] head = in.readNBytes(TAG_HEADER); head.length == TAG_HEADER; head = in.readNBytes(TAG_HEADER)) {
            int size = (head[1] & 0xFF) << 16 | (head[2] & 0xFF) << 8 | head[3] & 0xFF;
            count(head[0], in.readNBytes(size), 0, seen);
            in.skipNBytes(TAG_SIZE);
        }
    }

    /** RFC 6455 §5.2: opcode, length in one, two or eight bytes, and no mask from a server. */
    private static void readFrames(DataInputStream in, FrameCount seen) throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0xF;
            if (opcode == CLOSE) {
                return;
            }
            int size = in.readUnsignedByte();
            if (size == 126) {
                size = in.readUnsignedShort();
            } else if (size == 127) {
                size = Math.toIntExact(in.readLong());
            }
            byte[] tag = in.readNBytes(size);
            count(tag[0], tag, TAG_HEADER, seen);
        }
    }

    /** Configurations, whose packet type is 0, are not counted. */
    private static void count(int type, byte[] bytes, int body, FrameCount seen) {
        if ((type == AUDIO || type == VIDEO) && bytes[body + 1] == 1) {
            seen.frame();
        }
    }
}
