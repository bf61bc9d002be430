package xiu.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import xiu.transport.Service;
import xiu.transport.StartException;

class XiuServerTest {
    private final List<String> told = new ArrayList<>();

    /** A listener, and a record of what it is told. */
    private final class Door implements Service {
        private final InetSocketAddress address;
        private ServerSocket socket;

        Door(int port) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }

        @Override
        public void start() {
            try {
                socket = new ServerSocket();
                socket.bind(address);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public CompletionStage<Void> stop() {
            told.add("stop");
            try {
                socket.close();
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
            return CompletableFuture.completedFuture(null);
        }
    }

    private record Named(String name, List<String> told, CompletionStage<Void> end) implements Service {
        @Override
        public void start() {
            told.add("start " + name);
        }

        @Override
        public CompletionStage<Void> stop() {
            told.add("stop " + name);
            return end;
        }
    }

    @Test
    void namesThePortThatWasReallyBound() {
        XiuServer server = new XiuServer(SettingsFile.load("f", "[rtmp]"));
        Door door = new Door(0);
        server.listen("rtmp", door.address, door, () -> (InetSocketAddress) door.socket.getLocalSocketAddress());
        assertThat(server.endpoints()).hasSize(1);
        assertThat(server.endpoints().getFirst().where()).isEqualTo("127.0.0.1:" + door.socket.getLocalPort());
        server.stop();
        assertThat(told).containsExactly("stop");
        server.stop();
        assertThat(told).containsExactly("stop");
    }

    @Test
    void saysWhichKeyNamedAPortInUse() throws IOException {
        XiuServer server = new XiuServer(SettingsFile.load("f", "[rtmp]\nport = 1935"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Door door = new Door(taken.getLocalPort());
            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> server.listen("rtmp", door.address, door, () -> door.address))
                    .withMessage("f:2: rtmp.port: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": the port is in use by another program");
        }
        assertThat(server.endpoints()).isEmpty();
    }

    @Test
    void servicesStopInReverseEvenWhenSomeFail() {
        Services services = new Services();
        services.start("a", new Named("a", told, CompletableFuture.completedFuture(null)));
        services.start("b", new Named("b", told, CompletableFuture.failedFuture(new IllegalStateException("b"))));
        services.start("c", new Named("c", told, new CompletableFuture<>()));
        services.stop(50);
        assertThat(told).containsExactly("start a", "start b", "start c", "stop c", "stop b", "stop a");
    }
}
