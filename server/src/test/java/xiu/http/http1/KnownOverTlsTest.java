package xiu.http.http1;

import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.http.server.HttpServer;
import xiu.settings.Live;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.IoEngine;
import xiu.transport.TcpListener;
import xiu.transport.TransportSettings;
import xiu.transport.tls.CertificateFiles;
import xiu.transport.tls.TestCertificates;

/** What saves the decoding of requests does so behind TLS, too. */
@Timeout(60)
class KnownOverTlsTest {
    private static final byte[] GET =
            "GET /a/b.m3u8?token=1 HTTP/1.1\r\nHost: known.over.tls\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final List<HttpRequest> requests = new CopyOnWriteArrayList<>();
    private EventLoops loops;
    private HttpServer server;

    @TempDir
    private Path folder;

    private void start(SslProvider provider) throws Exception {
        Assumptions.assumeTrue(provider == SslProvider.JDK || OpenSsl.isAvailable());
        CertificateFiles files = TestCertificates.example(folder);
        SslContext tls = SslContextBuilder.forServer(
                        files.cert().toFile(), files.key().toFile())
                .sslProvider(provider)
                .build();
        TransportSettings usual = TransportSettings.defaults();
        // One loop: each has requests of its own that it knows.
        loops = EventLoops.open(
                new TransportSettings(IoEngine.AUTO, 1, usual.sendBuffer(), usual.userTimeout(), usual.limits()));
        HttpRoute route = HttpRoute.get("/a/{name}", exchange -> {
            requests.add(((Http1Exchange) exchange).request());
            exchange.answer(HttpReply.status(OK).text("answer"));
        });
        TcpListener.Security security = (channel, established, failed) -> {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
            established.accept(channel);
        };
        server = new HttpServer(
                new TcpListener.Address("http", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), security),
                loops,
                new ConnectionGate(ConnectionLimits.defaults()),
                Live.of(EmbeddedClient.SETTINGS),
                new HttpRouter(List.of(route)));
        server.start();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            assertThat(server.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
            assertThat(loops.shutdown().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    private Socket dial() throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        Socket socket = trusting.getSocketFactory()
                .createSocket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void ask(Socket client) throws Exception {
        client.getOutputStream().write(GET);
        StringBuilder reply = new StringBuilder();
        while (!reply.toString().endsWith("\r\n\r\nanswer")) {
            int next = client.getInputStream().read();
            assertThat(next).as("the answer goes on").isNotNegative();
            reply.append((char) next);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void whatTwoClientsAskInTheSameBytesIsDecodedOnce(SslProvider provider) throws Exception {
        start(provider);
        try (Socket one = dial();
                Socket other = dial()) {
            ask(one);
            ask(one);
            ask(other);
        }
        assertThat(requests).hasSize(3);
        assertThat(requests.get(1)).isSameAs(requests.get(0));
        assertThat(requests.get(2)).isSameAs(requests.get(0));
    }
}
