package xiu.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import xiu.server.settings.SettingsFile;
import xiu.transport.Service;
import xiu.transport.StartException;

class XiuServerTest {
    private final List<String> told = new ArrayList<>();

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

    private static final String LOOPBACK = "address = \"127.0.0.1\"\n";

    @Test
    void namesThePortsThatWereReallyBound() throws IOException {
        XiuServer server = new XiuServer(
                SettingsFile.load("f", LOOPBACK + "[rtmp]\nport = 0\n[httpflv]\nport = 0\n[hls]\nport = 0"));
        server.start();
        List<Endpoint> endpoints = server.endpoints();
        assertThat(endpoints).extracting(Endpoint::protocol).containsExactly("rtmp", "httpflv", "hls");
        for (Endpoint endpoint : endpoints) {
            try (Socket client = new Socket()) {
                client.connect(endpoint.address());
                assertThat(client.isConnected()).isTrue();
            }
        }
        server.stop();
        assertThat(server.endpoints()).isEmpty();
        server.stop();
    }

    @Test
    void httpFlvAndHlsShareOnePort() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        XiuServer server = new XiuServer(
                SettingsFile.load("f", LOOPBACK + "[httpflv]\nport = " + port + "\n[hls]\nport = " + port));
        server.start();
        assertThat(server.endpoints())
                .extracting(endpoint -> endpoint.address().getPort())
                .containsExactly(port, port);
        server.stop();
    }

    @Test
    void saysWhichKeyNamedAPortInUse() throws IOException {
        for (String host : List.of("127.0.0.1", "::1")) {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(host))) {
                String port = Integer.toString(taken.getLocalPort());
                XiuServer server =
                        new XiuServer(SettingsFile.load("f", "address = \"" + host + "\"\n[rtmp]\nport = " + port));
                assertThatExceptionOfType(StartException.class)
                        .isThrownBy(server::start)
                        .withMessage("f:3: rtmp.port: cannot listen on " + (host.equals("::1") ? "[::1]" : host) + ":"
                                + port + ": the port is in use by another program");
                assertThat(server.endpoints()).isEmpty();
            }
        }
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
