package xiu.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP as bytes, for requests that no client library would send. */
final class RawHttp {
    private static final int PATIENCE_MILLIS = 15_000;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    private RawHttp() {}

    /** The status of the answer to a GET of exactly this target; 0 when the connection is closed without one. */
    static int get(int port, String target, String... fields) {
        return status(exchange(port, request(target, fields)));
    }

    /** A GET request that asks to close behind it. */
    static byte[] request(String target, String... fields) {
        StringBuilder text =
                new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The request for a WebSocket, up to its status. */
    static int webSocket(int port, String target, String... fields) {
        return headStatus(port, webSocketRequest(target, fields));
    }

    /** A GET request that asks for a WebSocket. */
    static byte[] webSocketRequest(String target, String... fields) {
        String[] all = java.util.Arrays.copyOf(fields, fields.length + 3);
        all[fields.length] = "Upgrade: websocket";
        all[fields.length + 1] = "Sec-WebSocket-Version: 13";
        all[fields.length + 2] = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
        return new String(request(target, all), StandardCharsets.ISO_8859_1)
                .replace("Connection: close", "Connection: Upgrade")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The status alone, of an answer that may be endless. */
    static int headStatus(int port, byte[] request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request);
            byte[] head = socket.getInputStream().readNBytes(13);
            return status(new String(head, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends bytes and returns all that comes until the server closes. */
    static String exchange(int port, byte[] bytes) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException e) {
                // Refused before it was read to its end; the answer may still be there.
            }
            return untilClosed(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that comes until the server closes; fails when it does not. */
    static String untilClosed(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] part = new byte[16 << 10];
        try {
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                got.write(part, 0, count);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("not closed after " + PATIENCE_MILLIS + " ms: " + got, e);
        } catch (IOException e) {
            // A reset is an end as well.
        }
        return got.toString(StandardCharsets.ISO_8859_1);
    }

    static int status(String answer) {
        Matcher found = STATUS.matcher(answer);
        return found.lookingAt() ? Integer.parseInt(found.group(1)) : 0;
    }
}
