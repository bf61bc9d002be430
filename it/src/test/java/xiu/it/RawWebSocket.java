package xiu.it;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;

/**
 * A WebSocket that listens. Not the JDK's: that one loses its place in about one of three hundred sockets whose first
 * frames come right behind the answer to its handshake, though the bytes on the wire are right. Confined to one thread,
 * but for closing.
 */
final class RawWebSocket implements AutoCloseable {
    private static final int BINARY = 0x82;
    private static final int CLOSE = 0x88;

    /** Masked with zeros, status 1000. */
    private static final byte[] GOODBYE = {(byte) CLOSE, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xe8};

    private final Socket socket;
    private final DataInputStream in;
    private boolean open;

    private RawWebSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 16 << 10));
    }

    /** Asks for a socket; the answer is read with the first message. */
    static RawWebSocket open(URI url) {
        try {
            RawWebSocket opened = new RawWebSocket(new Socket(url.getHost(), url.getPort()));
            String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
            opened.socket.getOutputStream().write(RawHttp.webSocketRequest(url.getRawPath() + query));
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next message; none when the server has said that it closes. Fails when it goes without that. */
    Optional<byte[]> next() throws IOException {
        if (!open) {
            readHead();
            open = true;
        }
        int first = in.readUnsignedByte();
        long size = in.readUnsignedByte();
        size = size == 126 ? in.readUnsignedShort() : size == 127 ? in.readLong() : size;
        byte[] payload = in.readNBytes(Math.toIntExact(size));
        if (first == CLOSE) {
            socket.getOutputStream().write(GOODBYE);
            return Optional.empty();
        }
        if (first != BINARY) {
            throw new IOException(
                    "frame: " + Integer.toHexString(first) + " (expected: binary or close, in one piece)");
        }
        return Optional.of(payload);
    }

    private void readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        if (RawHttp.status(head.toString()) != 101) {
            throw new IOException(
                    "answer: " + head.toString().lines().findFirst().orElse("") + " (expected: 101)");
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
