package xiu.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerCertificateTest {
    private static final Instant NOW = TestCertificates.NOW;

    @TempDir
    Path folder;

    private TestCertificates certificates;

    @BeforeEach
    void authority() throws Exception {
        certificates = new TestCertificates(folder);
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private void refused(CertificateFiles files, String setting, String message) {
        assertThatThrownBy(() -> ServerCertificate.read(files, NOW))
                .isInstanceOfSatisfying(
                        BadCertificateException.class,
                        e -> assertThat(e.setting()).isEqualTo(setting))
                .hasMessageContaining(message);
    }

    @Test
    void namesAndEndAreThoseOfTheCertificate() throws Exception {
        X509Bundle bundle = TestCertificates.named(
                        TestCertificates.builder("CN=ignored.example"),
                        "Live.Example.com",
                        "*.cdn.example.com",
                        "192.0.2.7")
                .buildIssuedBy(certificates.authority());
        ServerCertificate read = ServerCertificate.read(certificates.write("a", bundle), NOW);
        assertThat(read.names()).containsExactly("live.example.com", "*.cdn.example.com", "192.0.2.7");
        assertThat(read.expires()).isEqualTo(NOW.plus(90, ChronoUnit.DAYS));
        assertThat(read.chain()).hasSize(1);
    }

    /** As OpenSSL, certbot and old how-tos write them. */
    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void aKeyIsReadInBothForms(String kind) throws Exception {
        var builder = TestCertificates.builder("CN=a").addSanDnsName("a");
        X509Bundle bundle = (kind.equals("RSA") ? builder.rsa2048() : builder).buildIssuedBy(certificates.authority());
        byte[] pkcs8 = bundle.getKeyPair().getPrivate().getEncoded();
        byte[] own = PrivateKeyInfo.getInstance(pkcs8).getPrivateKey().getOctets();
        String parameters = kind.equals("EC") ? pem("EC PARAMETERS", new byte[] {6, 1, 42}) : "";
        String text = "Bag Attributes\n  friendlyName: mine\n";
        for (String key : new String[] {pem("PRIVATE KEY", pkcs8), parameters + pem(kind + " PRIVATE KEY", own)}) {
            CertificateFiles files = certificates.write("a", text + bundle.getCertificatePEM(), text + key);
            assertThat(ServerCertificate.read(files, NOW).key())
                    .isEqualTo(bundle.getKeyPair().getPrivate());
        }
    }

    @Test
    void theChainMustBeInOrder() throws Exception {
        X509Bundle intermediate = TestCertificates.builder("CN=intermediate")
                .setIsCertificateAuthority(true)
                .buildIssuedBy(certificates.authority());
        X509Bundle own = TestCertificates.builder("CN=a").addSanDnsName("a").buildIssuedBy(intermediate);
        String first = own.getCertificatePEM();
        String second = intermediate.getCertificatePEM();
        String key = own.getPrivateKeyPEM();
        assertThat(ServerCertificate.read(certificates.write("a", first + second, key), NOW)
                        .chain())
                .hasSize(2);
        refused(certificates.write("b", second + first, key), "cert", "in a wrong order: number 2 did not issue");
    }

    @Test
    void anotherKeyIsRefused() throws Exception {
        X509Bundle own = certificates.issue("a");
        X509Bundle other = certificates.issue("b");
        X509Bundle rsa = TestCertificates.builder("CN=c").rsa2048().buildIssuedBy(certificates.authority());
        String mine = own.getCertificatePEM();
        refused(
                certificates.write("a", mine, other.getPrivateKeyPEM()),
                "key",
                "a.key is not the key of the certificate (expected: its EC key)");
        refused(certificates.write("a", mine, rsa.getPrivateKeyPEM()), "key", "is not the key of the certificate");
        byte[] cut = Arrays.copyOf(own.getKeyPair().getPrivate().getEncoded(), 40);
        refused(certificates.write("a", mine, pem("PRIVATE KEY", cut)), "key", "is not the key of the certificate");
        refused(certificates.write("a", mine, pem("ENCRYPTED PRIVATE KEY", cut)), "key", "is encrypted");
        refused(certificates.write("a", mine, mine), "key", "holds no private key");
        refused(
                certificates.write("a", mine, "-----BEGIN EC PRIVATE KEY-----\n*\n-----END EC PRIVATE KEY-----"),
                "key",
                "is");
    }

    @Test
    void datesAreChecked() throws Exception {
        X509Bundle old =
                TestCertificates.builder("CN=a").notAfter(NOW.minusSeconds(1)).buildIssuedBy(certificates.authority());
        refused(certificates.write("a", old), "cert", "a.crt has expired on " + NOW.minusSeconds(1));
        X509Bundle early =
                TestCertificates.builder("CN=a").notBefore(NOW.plusSeconds(60)).buildIssuedBy(certificates.authority());
        refused(certificates.write("a", early), "cert", "a.crt is not valid before " + NOW.plusSeconds(60));
    }

    @Test
    void filesThatAreNoCertificatesAreRefused() throws Exception {
        CertificateFiles good = certificates.write("a", certificates.issue("a"));
        Path none = folder.resolve("none");
        refused(new CertificateFiles(none, good.key()), "cert", none + " does not exist");
        refused(new CertificateFiles(good.cert(), none), "key", none + " does not exist");
        refused(new CertificateFiles(folder, good.key()), "cert", folder + " ");
        refused(new CertificateFiles(good.key(), good.key()), "cert", "holds no certificate");
        Path damaged = Files.writeString(none, pem("CERTIFICATE", new byte[20]));
        refused(new CertificateFiles(damaged, good.key()), "cert", "is damaged");
        Path long1 = Files.write(none, new byte[(1 << 20) + 1]);
        refused(new CertificateFiles(long1, good.key()), "cert", "is too long");
    }
}
