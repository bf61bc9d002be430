package xiu.transport.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** An authority of our own, and certificates of it as files. */
public final class TestCertificates {
    static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private final Path folder;
    private final X509Bundle authority;

    TestCertificates(Path folder) throws Exception {
        this.folder = folder;
        this.authority = builder("CN=authority").setIsCertificateAuthority(true).buildSelfSigned();
    }

    /** Files of some certificate that is valid today; always the same ones for a folder. */
    public static CertificateFiles example(Path folder) {
        CertificateFiles files = new CertificateFiles(folder.resolve("example.crt"), folder.resolve("example.key"));
        try {
            if (!Files.exists(files.cert())) {
                TestCertificates made = new TestCertificates(folder);
                made.write("example", made.issue("example.com"));
            }
            return files;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    X509Bundle authority() {
        return authority;
    }

    static CertificateBuilder builder(String subject) {
        return new CertificateBuilder()
                .ecp256()
                .subject(subject)
                .notBefore(NOW.minus(1, ChronoUnit.DAYS))
                .notAfter(NOW.plus(90, ChronoUnit.DAYS));
    }

    /** A certificate for one server. */
    X509Bundle issue(String server) throws Exception {
        return named(builder("CN=" + server), server).buildIssuedBy(authority);
    }

    /** Names as they are given: the builder itself knows no wildcards. */
    static CertificateBuilder named(CertificateBuilder builder, String... names) throws IOException {
        GeneralName[] all = new GeneralName[names.length];
        for (int i = 0; i < names.length; i++) {
            boolean address = Character.isDigit(names[i].charAt(0));
            all[i] = new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, names[i]);
        }
        return builder.addExtensionOctetString(
                Extension.subjectAlternativeName.getId(), false, new GeneralNames(all).getEncoded());
    }

    /** Writes it to {@code NAME.crt} and {@code NAME.key}; the authority is not part of the chain. */
    CertificateFiles write(String name, X509Bundle bundle) throws IOException {
        return write(name, bundle.getCertificatePEM(), bundle.getPrivateKeyPEM());
    }

    CertificateFiles write(String name, String certificates, String key) throws IOException {
        Path cert = Files.writeString(folder.resolve(name + ".crt"), certificates);
        return new CertificateFiles(cert, Files.writeString(folder.resolve(name + ".key"), key));
    }
}
