package xiu.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xiu.transport.BindAddress;
import xiu.transport.ConnectionGate;
import xiu.transport.EventLoops;
import xiu.transport.TcpListener;
import xiu.transport.TransportSettings;

/** A listener that speaks TLS, by both engines, and the JDK's own client. */
class ServerTlsTest {
    @TempDir
    Path folder;

    private final EventLoops loops = EventLoops.open(TransportSettings.defaults());
    private final ConnectionGate gate =
            new ConnectionGate(TransportSettings.defaults().limits());
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private TestCertificates made;
    private Certificates certificates;
    private TcpListener listener;

    @AfterEach
    void stop() throws Exception {
        if (listener != null) {
            listener.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        loops.shutdown().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void listen(TlsEngine engine, Duration timeout, String... names) throws Exception {
        made = new TestCertificates(folder);
        certificates = new Certificates(engine, issued(names), () -> timeout);
        TcpListener.Address address = new TcpListener.Address(
                "echo", BindAddress.parse("127.0.0.1").withPort(0), certificates.speaking("http/1.1"));
        listener = new TcpListener(address, loops, gate, this::echo);
        listener.start();
    }

    private List<ServerCertificate> issued(String... names) throws Exception {
        List<ServerCertificate> all = new java.util.ArrayList<>();
        for (String name : names) {
            all.add(ServerCertificate.read(made.write("c", made.issue(name)), TestCertificates.NOW));
        }
        return all;
    }

    private void echo(Channel channel) {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext context) {
                events.add("active");
            }

            @Override
            public void channelRead(ChannelHandlerContext context, Object read) {
                context.writeAndFlush((ByteBuf) read);
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                events.add("inactive");
            }
        });
    }

    /** Believes everybody: which certificate it was is looked at afterwards. */
    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private SSLSocket connect(String server, String... versions) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Credulous()}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(
                        InetAddress.getLoopbackAddress(), listener.address().getPort());
        socket.setSoTimeout(10_000);
        SSLParameters parameters = socket.getSSLParameters();
        if (!server.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(server)));
        }
        if (versions.length > 0) {
            parameters.setProtocols(versions);
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static String certificateOf(SSLSocket socket) throws SSLException {
        X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }

    private static void exchange(SSLSocket socket, int size) throws IOException {
        byte[] sent = new byte[size];
        for (int i = 0; i < size; i++) {
            sent[i] = (byte) (i * 31 >> 3);
        }
        Thread.ofVirtual().start(() -> {
            try {
                socket.getOutputStream().write(sent);
            } catch (IOException e) {
                // The reader says what is missing.
            }
        });
        assertThat(socket.getInputStream().readNBytes(size)).isEqualTo(sent);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void whatIsSentComesBackInBothVersions(TlsEngine engine) throws Exception {
        listen(engine, Duration.ofSeconds(10), "a.example");
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (SSLSocket socket = connect("a.example", version)) {
                exchange(socket, 300_000);
                assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                assertThat(socket.getSession().getCipherSuite()).containsAnyOf("GCM", "CHACHA20");
            }
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("active");
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("inactive");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void theNameThatIsAskedForPicksTheCertificate(TlsEngine engine) throws Exception {
        listen(engine, Duration.ofSeconds(10), "first.example", "*.wild.example", "b.wild.example");
        for (String[] expected : new String[][] {
            {"", "CN=first.example"},
            {"unknown.example", "CN=first.example"},
            {"first.example", "CN=first.example"},
            {"A.Wild.Example", "CN=*.wild.example"},
            {"b.wild.example", "CN=b.wild.example"},
            {"x.y.wild.example", "CN=first.example"},
        }) {
            try (SSLSocket socket = connect(expected[0])) {
                exchange(socket, 10);
                assertThat(certificateOf(socket)).as(expected[0]).isEqualTo(expected[1]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void whoComesAfterAChangeGetsTheNewOneAndWhoIsThereNoticesNothing(TlsEngine engine) throws Exception {
        listen(engine, Duration.ofSeconds(10), "old.example");
        try (SSLSocket before = connect("")) {
            exchange(before, 10);
            for (int i = 0; i < 20; i++) {
                certificates.replace(issued("new" + i + ".example"));
                try (SSLSocket after = connect("")) {
                    exchange(after, 10);
                    assertThat(certificateOf(after)).isEqualTo("CN=new" + i + ".example");
                }
                exchange(before, 20_000);
            }
            assertThat(certificateOf(before)).isEqualTo("CN=old.example");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void whoDoesNotSpeakTlsIsClosedAndNobodyInsideIsToldOfIt(TlsEngine engine) throws Exception {
        listen(engine, Duration.ofSeconds(10), "a.example");
        try (Socket plain =
                new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
            plain.setSoTimeout(10_000);
            plain.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            byte[] answer = plain.getInputStream().readAllBytes();
            assertThat(answer.length).isLessThan(16);
        }
        try (SSLSocket old = connect("", "TLSv1.2")) {
            SSLParameters parameters = old.getSSLParameters();
            parameters.setCipherSuites(new String[] {"TLS_RSA_WITH_AES_128_CBC_SHA"});
            assertThatThrownBy(() -> {
                        old.setSSLParameters(parameters);
                        old.startHandshake();
                    })
                    .isInstanceOf(Exception.class);
        }
        try (SSLSocket good = connect("")) {
            exchange(good, 10);
        }
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("active");
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("inactive");
        assertThat(events).isEmpty();
    }

    /** Both: who sends nothing at all, and who stops in the middle. */
    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void aHandshakeThatStallsIsClosedInTime(TlsEngine engine) throws Exception {
        listen(engine, Duration.ofMillis(300), "a.example");
        byte[] half = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
        for (byte[] sent : new byte[][] {{}, half}) {
            try (Socket stalled = new Socket(
                    InetAddress.getLoopbackAddress(), listener.address().getPort())) {
                stalled.setSoTimeout(10_000);
                stalled.getOutputStream().write(sent);
                stalled.getInputStream().readAllBytes();
            }
        }
        assertThat(events).isEmpty();
    }
}
