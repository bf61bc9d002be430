package xiu.server.settings;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import xiu.config.TomlBinder;
import xiu.transport.tls.BadCertificateException;
import xiu.transport.tls.CertificateFiles;
import xiu.transport.tls.CertificateWatch;
import xiu.transport.tls.ServerCertificate;
import xiu.transport.tls.TlsSettings;

/**
 * Checks whether the certificates of a configuration can be used, and whether every protocol with TLS has one. Reads
 * the files.
 */
final class CertificateCheck {
    private CertificateCheck() {}

    static void check(TomlBinder toml, ServerSettings settings, List<String> warnings) {
        TlsSettings tls = settings.tls();
        Instant now = Instant.now();
        if (tls.cert().isPresent() && tls.key().isPresent()) {
            CertificateFiles own =
                    new CertificateFiles(tls.cert().get(), tls.key().get());
            try {
                warn(toml, "tls.cert", ServerCertificate.read(own, now), now, warnings);
            } catch (BadCertificateException e) {
                toml.problem("tls." + e.setting(), String.valueOf(e.getMessage()));
            }
        }
        for (int i = 0; i < tls.certificates().size(); i++) {
            try {
                warn(
                        toml,
                        "tls.certificates",
                        ServerCertificate.read(tls.certificates().get(i), now),
                        now,
                        warnings);
            } catch (BadCertificateException e) {
                toml.problem("tls.certificates", i, e.setting() + ": " + e.getMessage());
            }
        }
        if (tls.all().isEmpty()) {
            needsOne(toml, "rtmp.tls", settings.tlsPorts().rtmp().enabled());
            needsOne(toml, "httpflv.tls", settings.tlsPorts().httpflv().enabled());
            needsOne(toml, "hls.tls", settings.tlsPorts().hls().enabled());
        }
    }

    private static void needsOne(TomlBinder toml, String table, boolean enabled) {
        if (enabled) {
            toml.problem(table, "enabled without a certificate (expected: tls.cert and tls.key)");
        }
    }

    private static void warn(
            TomlBinder toml, String key, ServerCertificate certificate, Instant now, List<String> warnings) {
        Duration left = Duration.between(now, certificate.expires());
        if (left.compareTo(CertificateWatch.EXPIRES_SOON) < 0) {
            warnings.add(toml.file() + ":" + toml.line(key) + ": " + key + ": "
                    + certificate.files().cert() + " expires in " + left.toDays() + " days ("
                    + certificate.expires() + ")");
        }
    }
}
