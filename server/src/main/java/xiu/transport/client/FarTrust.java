package xiu.transport.client;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import xiu.transport.StartException;

/** Which certificates of other servers are accepted: never one that names another host. Any thread. */
public final class FarTrust {
    private @Nullable SslContext context;

    private FarTrust(@Nullable SslContext context) {
        this.context = context;
    }

    /**
     * The platform's authorities and those in {@code file}. The platform's alone are read when they are first needed: that
     * takes as long as a fifth of the server's start, and most servers never ask another one by TLS.
     *
     * @throws StartException when the file cannot be used
     */
    public static FarTrust of(Optional<Path> file) {
        return new FarTrust(file.isPresent() ? read(file) : null);
    }

    /** A context that is ready already. */
    public static FarTrust of(SslContext context) {
        return new FarTrust(context);
    }

    /** The context of connections to other servers. The first call reads files: not on an event loop. */
    public synchronized SslContext context() {
        SslContext known = context;
        if (known == null) {
            known = read(Optional.empty());
            context = known;
        }
        return known;
    }

    private static SslContext read(Optional<Path> file) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
            if (file.isPresent()) {
                builder.trustManager(withPlatform(certificates(file.get())));
            }
            return builder.build();
        } catch (IOException | GeneralSecurityException e) {
            throw new StartException("TLS: " + e.getMessage());
        }
    }

    private static Collection<? extends Certificate> certificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (!found.isEmpty()) {
                return found;
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new StartException("relay_ca_file: " + file + " cannot be read (expected: certificates in PEM form)");
        }
        throw new StartException("relay_ca_file: " + file + " holds no certificate (expected: PEM form)");
    }

    private static TrustManagerFactory withPlatform(Collection<? extends Certificate> more)
            throws GeneralSecurityException, IOException {
        List<Certificate> all = new ArrayList<>(more);
        for (TrustManager manager : trusting(null).getTrustManagers()) {
            if (manager instanceof X509TrustManager platform) {
                for (X509Certificate authority : platform.getAcceptedIssuers()) {
                    all.add(authority);
                }
            }
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < all.size(); i++) {
            store.setCertificateEntry("authority-" + i, all.get(i));
        }
        return trusting(store);
    }

    private static TrustManagerFactory trusting(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
