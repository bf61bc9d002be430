package xiu.transport.tls;

import java.nio.file.Path;

/**
 * Where a certificate is: one element of {@code [[tls.certificates]]}, or the two keys of {@code [tls]} itself.
 *
 * @param cert the certificate and those of its issuers up to, but not including, the root, in PEM form
 * @param key its private key in PEM form, without a passphrase
 */
public record CertificateFiles(Path cert, Path key) {
    private static final CertificateFiles DEFAULTS = new CertificateFiles(Path.of(""), Path.of(""));

    /** Nothing is named; both keys must be given. */
    public static CertificateFiles defaults() {
        return DEFAULTS;
    }

    /** Whether both files are named. */
    public boolean isComplete() {
        return !cert.toString().isEmpty() && !key.toString().isEmpty();
    }
}
