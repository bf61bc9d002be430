package xiu.transport.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A certificate that has been checked, and its key.
 *
 * @param files where it came from
 * @param chain the certificate first, then each one's issuer
 * @param names the servers it is for, in lower case; {@code *.example.com} stands for one label. Empty where only the
 *     subject names a server, which clients have not believed since RFC 9525
 */
public record ServerCertificate(
        CertificateFiles files, List<X509Certificate> chain, PrivateKey key, Set<String> names) {
    /** RFC 5280 §4.2.1.6. */
    private static final int DNS_NAME = 2;

    private static final int IP_ADDRESS = 7;

    public ServerCertificate {
        chain = List.copyOf(chain);
    }

    /**
     * Reads and checks a certificate: its files, dates, chain and key; blocks the thread.
     *
     * @param now the time that the certificate must be valid at
     */
    public static ServerCertificate read(CertificateFiles files, Instant now) throws BadCertificateException {
        Path file = files.cert();
        List<X509Certificate> chain = chain(file);
        for (X509Certificate certificate : chain) {
            if (now.isAfter(certificate.getNotAfter().toInstant())) {
                throw BadCertificateException.certificate(
                        file, "has expired on " + certificate.getNotAfter().toInstant());
            }
        }
        X509Certificate own = chain.getFirst();
        if (now.isBefore(own.getNotBefore().toInstant())) {
            throw BadCertificateException.certificate(
                    file, "is not valid before " + own.getNotBefore().toInstant());
        }
        for (int i = 1; i < chain.size(); i++) {
            checkIssuer(file, chain.get(i - 1), chain.get(i), i);
        }
        PrivateKey key = PrivateKeys.read(files.key(), own.getPublicKey());
        return new ServerCertificate(files, chain, key, names(file, own));
    }

    private static List<X509Certificate> chain(Path file) throws BadCertificateException {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (PemFile.Block block : PemFile.read(file)) {
                if (block.label().equals("CERTIFICATE")) {
                    chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
                }
            }
        } catch (CertificateException e) {
            throw BadCertificateException.certificate(file, "is damaged (expected: certificates in PEM form)");
        } catch (IOException e) {
            throw BadCertificateException.certificate(file, String.valueOf(e.getMessage()));
        }
        if (chain.isEmpty()) {
            throw BadCertificateException.certificate(file, "holds no certificate (expected: PEM form)");
        }
        return chain;
    }

    private static void checkIssuer(Path file, X509Certificate certificate, X509Certificate issuer, int index)
            throws BadCertificateException {
        try {
            certificate.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw BadCertificateException.certificate(
                    file,
                    "has certificates in a wrong order: number " + (index + 1) + " did not issue the one before it"
                            + " (expected: the server's first, then each one's issuer)");
        }
    }

    private static Set<String> names(Path file, X509Certificate certificate) throws BadCertificateException {
        Set<String> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (name.get(0) instanceof Integer kind && (kind == DNS_NAME || kind == IP_ADDRESS)) {
                    names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            throw BadCertificateException.certificate(file, "has names that cannot be read");
        }
        return names;
    }

    /** When the first one of the chain expires. */
    public Instant expires() {
        Instant first = Instant.MAX;
        for (X509Certificate certificate : chain) {
            Instant end = certificate.getNotAfter().toInstant();
            first = end.isBefore(first) ? end : first;
        }
        return first;
    }
}
