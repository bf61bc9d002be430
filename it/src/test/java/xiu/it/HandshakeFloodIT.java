package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Addresses that open connections and say nothing, while others want to come in. */
class HandshakeFloodIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int HANDSHAKE = 1 + 1536 + 1536;

    private static final String LIMITS = """
            [limits]
            handshakes = 64
            handshakes_per_address = 48
            handshake_timeout = 60
            """;

    private final List<Socket> silent = new ArrayList<>();

    private static Socket dial(XiuProcess at, String protocol, String from) throws IOException {
        Socket socket =
                new Socket(InetAddress.getByName("127.0.0.1"), at.port(protocol), InetAddress.getByName(from), 0);
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    private void flood(XiuProcess at, String from, int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            silent.add(dial(at, i % 2 == 0 ? "rtmp" : "hls", from));
        }
    }

    /** RTMP 1.0 §5.2: C0 and C1, then S0, S1 and S2. */
    private static boolean shakesHands(XiuProcess at, String from) throws IOException {
        try (Socket socket = dial(at, "rtmp", from)) {
            byte[] hello = new byte[1 + 1536];
            hello[0] = 3;
            socket.getOutputStream().write(hello);
            return socket.getInputStream().readNBytes(HANDSHAKE).length == HANDSHAKE;
        }
    }

    private static boolean isAnswered(XiuProcess at, String from) throws IOException {
        try (Socket socket = dial(at, "hls", from)) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 404");
        }
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException silence) {
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    private long open() {
        return silent.stream().filter(HandshakeFloodIT::isOpen).count();
    }

    private void closeAll() throws IOException {
        for (Socket socket : silent) {
            socket.close();
        }
    }

    @Test
    void newcomersComeInWhateverOneAddressHolds() throws IOException {
        try (XiuProcess server = XiuProcess.start(LIMITS)) {
            flood(server, "127.0.0.2", 300);
            await().atMost(SOON).until(() -> open() == 48);
            for (int host = 10; host < 60; host++) {
                assertThat(shakesHands(server, "127.0.0." + host)).isTrue();
                assertThat(isAnswered(server, "127.0.1." + host)).isTrue();
            }
            // Neighbours behind the same address come in, too: the oldest makes room.
            assertThat(shakesHands(server, "127.0.0.2")).isTrue();
            assertThat(isAnswered(server, "127.0.0.2")).isTrue();
            server.awaitLog("event=limit_handshakes_per_address .*peer=/127.0.0.2", SOON);
            closeAll();
        }
    }

    @Test
    void ofManyAddressesTheWorstMakesRoom() throws IOException {
        try (XiuProcess server = XiuProcess.start(LIMITS)) {
            for (int host = 1; host <= 40; host++) {
                flood(server, "127.0.2." + host, 1);
            }
            List<Socket> modest = List.copyOf(silent);
            for (int address = 2; address < 6; address++) {
                flood(server, "127.0.0." + address, 40);
            }
            await().atMost(SOON).until(() -> open() == 64);
            for (int host = 10; host < 30; host++) {
                assertThat(shakesHands(server, "127.0.0." + host)).isTrue();
                assertThat(isAnswered(server, "127.0.1." + host)).isTrue();
            }
            assertThat(modest).allMatch(HandshakeFloodIT::isOpen);
            server.awaitLog("event=limit_handshakes .*peer=/127.0.0", SOON);
            closeAll();
        }
    }
}
