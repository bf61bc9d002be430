package xiu.protocol.rtmp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamKey;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSource;
import xiu.transport.BindAddress;
import xiu.transport.ConnectionGate;
import xiu.transport.EventLoops;
import xiu.transport.TcpListener;
import xiu.transport.TransportSettings;
import xiu.transport.client.FarTrust;

/** RTMPS towards other servers: encrypted, and only to whom the certificate says. */
class RtmpTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path directory;

    private final EventLoops loops = EventLoops.open(TransportSettings.defaults());
    private final BlockingQueue<RelayEnd> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<SslCloseCompletionEvent> closes = new LinkedBlockingQueue<>();
    private KeyStore keys;
    private String redirect = "";
    private TcpListener server;

    @BeforeEach
    void start() throws Exception {
        keys = selfSigned();
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        SslContext tls = SslContextBuilder.forServer(own).build();
        server = new TcpListener(
                "rtmps",
                BindAddress.parse("127.0.0.1").withPort(0),
                loops,
                new ConnectionGate(TransportSettings.defaults().limits()),
                channel -> {
                    channel.pipeline().addLast(tls.newHandler(channel.alloc()), new ChannelInboundHandlerAdapter() {
                        @Override
                        public void userEventTriggered(ChannelHandlerContext context, Object event) {
                            if (event instanceof SslCloseCompletionEvent closed) {
                                closes.add(closed);
                            }
                            context.fireUserEventTriggered(event);
                        }
                    });
                    ScriptedServer.serve(channel, this::notHere, media -> {});
                });
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        server.connections().close().sync();
        loops.shutdown().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private KeyStore selfSigned() throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "far",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=far",
                        "-validity",
                        "2",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private FarTrust trusting(KeyStore whom) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("far", whom.getCertificate("far"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return FarTrust.of(SslContextBuilder.forClient()
                .trustManager(trust)
                .endpointIdentificationAlgorithm("HTTPS")
                .build());
    }

    private RelayEnd pull(String host, FarTrust trust) throws Exception {
        Duration patience = Duration.ofSeconds(20);
        RtmpDialer dialer =
                new RtmpDialer(loops, RtmpLimits.defaults(), trust, new ClientTimes(patience, patience, patience));
        URI from = URI.create("rtmps://" + host + ":" + server.address().getPort() + "/live/cam");
        dialer.source(new StreamKey("live", "cam"), from, List.of()).start(new StreamSource.Events() {
            @Override
            public Publication connected(Publisher publisher) {
                throw new AssertionError("no media was sent");
            }

            @Override
            public void ended(RelayEnd end) {
                ends.add(end);
            }
        });
        return Objects.requireNonNull(ends.poll(60, TimeUnit.SECONDS), "the pull did not end");
    }

    @Test
    void speaksRtmpThroughTls() throws Exception {
        assertThat(pull("127.0.0.1", trusting(keys)).kind()).isEqualTo(RelayEnd.Kind.NOT_FOUND);
    }

    /** Without it the far side cannot tell the end from an attack, and says so in its log. */
    @Test
    void saysThatItClosesBeforeItCloses() throws Exception {
        pull("127.0.0.1", trusting(keys));
        SslCloseCompletionEvent closed = Objects.requireNonNull(closes.poll(20, TimeUnit.SECONDS), "no end of TLS");
        assertThat(closed.cause()).isNull();
    }

    @Test
    void whatIsEncryptedIsNotRedirectedToWhatIsNot() throws Exception {
        redirect = "rtmp://127.0.0.1:" + server.address().getPort() + "/live";
        RelayEnd end = pull("127.0.0.1", trusting(keys));
        assertThat(end)
                .isEqualTo(new RelayEnd(RelayEnd.Kind.REFUSED, "redirected from rtmps to rtmp (expected: rtmps)"));
    }

    @Test
    void distrustsACertificateThatNobodySigned() throws Exception {
        RelayEnd end = pull("127.0.0.1", FarTrust.of(Optional.empty()));
        assertThat(end.kind()).isEqualTo(RelayEnd.Kind.UNREACHABLE);
        assertThat(end.message()).containsIgnoringCase("certif");
    }

    @Test
    void distrustsACertificateOfSomebodyElse() throws Exception {
        RelayEnd end = pull("localhost", trusting(keys));
        assertThat(end.kind()).isEqualTo(RelayEnd.Kind.UNREACHABLE);
        assertThat(end.message()).contains("localhost");
    }

    /** A server that has no stream. */
    private void notHere(RtmpLink link, RtmpCommand command) {
        AmfValue nothing = AmfValue.Nothing.NULL;
        switch (command) {
            case RtmpCommand.Connect connect
            when !redirect.isEmpty() -> {
                AmfValue to = AmfValue.fields().put("redirect", redirect).object();
                link.command(
                        0, "_error", 1, nothing, AmfValue.fields().put("ex", to).object());
            }
            case RtmpCommand.Play play ->
                link.command(1, "onStatus", 0, nothing, RtmpStatus.PLAY_STREAM_NOT_FOUND.information("not here"));
            default -> link.command(0, "_result", command.transaction(), nothing, AmfValue.of(1));
        }
    }
}
