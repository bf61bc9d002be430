package xiu.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xiu.config.ConfigException;
import xiu.transport.tls.CertificateFiles;
import xiu.transport.tls.TestCertificates;

class CertificateCheckTest {
    @TempDir
    Path folder;

    private CertificateFiles files;

    @BeforeEach
    void make() {
        files = TestCertificates.example(folder);
    }

    private static List<String> problems(String text) {
        return catchThrowableOfType(ConfigException.class, () -> SettingsFile.load("c.toml", text))
                .problems();
    }

    @Test
    void listenersForTlsAreOnWhereTheirTableIs() {
        LoadedSettings loaded = SettingsFile.load("c.toml", """
                [rtmp]
                address = "127.0.0.1"
                [rtmp.tls]
                only = true
                [hls]
                [hls.tls]
                port = 443
                address = "::1"
                [tls]
                cert = "%s"
                key = "%s"
                """.formatted(files.cert(), files.key()));
        assertThat(Listeners.of(loaded.settings()))
                .extracting(listener -> listener.name() + " " + listener.address() + " " + listener.port())
                .containsExactly("rtmp.tls 127.0.0.1 1936", "hls * 8080", "hls.tls ::1 443");
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.place("rtmp.tls.port")).startsWith("c.toml:");
    }

    @Test
    void whoSpeaksTlsNeedsACertificate() {
        assertThat(problems("[rtmp]\n[rtmp.tls]\n[hls]\n[hls.tls]\n"))
                .containsExactly(
                        "c.toml:2: rtmp.tls: enabled without a certificate (expected: tls.cert and tls.key)",
                        "c.toml:4: hls.tls: enabled without a certificate (expected: tls.cert and tls.key)");
        assertThat(problems("[rtmp]\n[tls]\ncert = \"a\"\n"))
                .containsExactly("c.toml:2: tls.key: missing (expected: cert and key together)");
    }

    @Test
    void eachBadCertificateIsNamedWithItsLine() {
        String none = folder.resolve("none").toString();
        assertThat(problems("[rtmp]\n[tls]\ncert = \"%s\"\nkey = \"%s\"\n".formatted(none, files.key())))
                .containsExactly("c.toml:3: tls.cert: " + none + " does not exist");
        assertThat(problems("[rtmp]\n[tls]\ncert = \"%s\"\nkey = \"%s\"\n".formatted(files.cert(), none)))
                .containsExactly("c.toml:4: tls.key: " + none + " does not exist");
        assertThat(problems("""
                        [rtmp]
                        [[tls.certificates]]
                        cert = "%1$s"
                        key = "%2$s"
                        [[tls.certificates]]
                        cert = "%1$s"
                        key = "%1$s"
                        """.formatted(files.cert(), files.key())))
                .singleElement()
                .asString()
                .startsWith("c.toml:5: tls.certificates[1]: key: " + files.cert() + " holds no private key");
    }

    @Test
    void plainAndTlsOnOnePortCollide() {
        String tls = "[tls]\ncert = \"%s\"\nkey = \"%s\"\n".formatted(files.cert(), files.key());
        assertThat(problems("[httpflv]\nport = 8443\n[hls]\n[hls.tls]\n" + tls))
                .containsExactly("c.toml:4: hls.tls.port: 8443 is used twice (also by httpflv.port, line 2)");
        assertThat(problems("[rtmp]\n[rtmp.tls]\nport = 70000\n" + tls))
                .containsExactly("c.toml:3: rtmp.tls.port: 70000 (expected: 0 to 65535)");
    }
}
