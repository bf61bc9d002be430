package xiu.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** A certificate for localhost that OpenSSL makes, and its key, as files. */
record TestCertificate(Path cert, Path key) {
    /** Makes it, signed by itself. */
    static TestCertificate make(String commonName) {
        Path folder = Workspace.temporary("certificate");
        TestCertificate made = new TestCertificate(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        ExternalProcess.run(
                Duration.ofSeconds(60),
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=" + commonName,
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-keyout",
                made.key.toString(),
                "-out",
                made.cert.toString());
        return made;
    }

    /** Puts another one in its place, each file by a rename. */
    void replaceBy(TestCertificate other) {
        try {
            Files.move(other.cert, cert, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            Files.move(other.key, key, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
