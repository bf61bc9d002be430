package xiu.transport.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.transport.StartException;

/**
 * The implementation of the cryptography: BoringSSL where it loads, otherwise the JDK, which takes several times as
 * long.
 */
public enum TlsEngine {
    /** BoringSSL, as a native library. */
    BORINGSSL,
    /** The engine of the JDK. */
    JDK;

    private static final Logger LOG = LoggerFactory.getLogger(TlsEngine.class);

    /** Only suites with forward secrecy and authenticated encryption: RFC 8446, and those of RFC 9325 §4.2 for TLS 1.2. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** The best one on this machine. The first call loads the library, and logs once when that fails. */
    public static TlsEngine best() {
        return Best.ENGINE;
    }

    private static final class Best {
        private static final TlsEngine ENGINE = choose();

        private static TlsEngine choose() {
            if (OpenSsl.isAvailable()) {
                return BORINGSSL;
            }
            LOG.warn(
                    "event=tls_engine engine=jdk reason=\"{}\" detail=\"TLS takes several times the processor"
                            + " time; the JVM needs the profile large, see docs/operations.md\"",
                    String.valueOf(OpenSsl.unavailabilityCause().getMessage()));
            return JDK;
        }
    }

    /**
     * A context for incoming connections.
     *
     * @param protocols the protocols inside, in order of preference (ALPN, RFC 7301); empty where there is no choice
     */
    SslContext server(ServerCertificate certificate, List<String> protocols, TicketKeys tickets) {
        X509Certificate[] chain = certificate.chain().toArray(new X509Certificate[0]);
        SslContextBuilder builder = SslContextBuilder.forServer(certificate.key(), chain)
                .sslProvider(provider())
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    protocols));
        }
        try {
            SslContext context = builder.build();
            useTickets(context, tickets);
            return context;
        } catch (SSLException e) {
            throw new StartException("TLS: " + e.getMessage());
        }
    }

    /** The JDK's engine has ticket keys of its own, and renews them by itself. */
    static void useTickets(SslContext context, TicketKeys tickets) {
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            sessions.setTicketKeys(tickets.all());
        }
    }

    private SslProvider provider() {
        return switch (this) {
            // Contexts are freed by the garbage collector, after the last connection that uses them.
            case BORINGSSL -> SslProvider.OPENSSL;
            case JDK -> SslProvider.JDK;
        };
    }
}
