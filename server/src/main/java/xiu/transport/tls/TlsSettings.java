package xiu.transport.tls;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code [tls]} table: the certificates of all listeners that speak TLS.
 *
 * @param cert that of the first certificate, see {@link CertificateFiles#cert()}
 * @param key its private key
 * @param certificates further ones; a client gets that which has the name it asks for, else the first
 */
public record TlsSettings(Optional<Path> cert, Optional<Path> key, List<CertificateFiles> certificates) {
    private static final TlsSettings DEFAULTS = new TlsSettings(Optional.empty(), Optional.empty(), List.of());

    /** Most certificates, because each name that a client asks for is looked up among them. */
    private static final int MOST = 1_000;

    public TlsSettings {
        certificates = List.copyOf(certificates);
        if (cert.isPresent() != key.isPresent()) {
            String missing = cert.isPresent() ? "key" : "cert";
            throw new IllegalArgumentException(missing + ": missing (expected: cert and key together)");
        }
        if (certificates.size() > MOST) {
            throw new IllegalArgumentException(
                    "certificates: " + certificates.size() + " (expected: at most " + MOST + ")");
        }
        for (CertificateFiles files : certificates) {
            if (!files.isComplete()) {
                throw new IllegalArgumentException("certificates: cert or key is missing (expected: both in each)");
            }
        }
    }

    /** No certificate: nothing can speak TLS. */
    public static TlsSettings defaults() {
        return DEFAULTS;
    }

    /** All of them; the first is for clients that name no server, or one that no certificate has. */
    public List<CertificateFiles> all() {
        List<CertificateFiles> all = new ArrayList<>();
        if (cert.isPresent() && key.isPresent()) {
            all.add(new CertificateFiles(cert.get(), key.get()));
        }
        all.addAll(certificates);
        return all;
    }
}
