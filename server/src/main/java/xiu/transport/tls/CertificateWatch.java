package xiu.transport.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.settings.Live;
import xiu.transport.Service;
import xiu.transport.trouble.GuardedTask;

/**
 * Checks whether the files of certificates have been replaced, and gives {@link Certificates} the new ones when they
 * are valid. Invalid ones change nothing and are reported once. Compares inode, time, size and the path behind symbolic
 * links, so that it notices a file that is written again, one that is renamed into place, and the links that Kubernetes
 * replaces. Files are read on a thread of their own.
 */
public final class CertificateWatch implements Service {
    /** How long before its expiry a certificate is warned of, once a day. */
    public static final Duration EXPIRES_SOON = Duration.ofDays(14);

    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final long PERIOD_MILLIS = 2_000;

    private final Live<TlsSettings> settings;
    private final Certificates certificates;
    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final AtomicBoolean checking = new AtomicBoolean();
    private @Nullable Future<?> periodic;

    // Confined to the thread that has set "checking".
    private List<Identity> used;
    private List<Identity> before;
    private List<Identity> refused = List.of();
    private Instant warned = Instant.EPOCH;

    /** The state of a file; all null when there is none. */
    private record Identity(
            Path path,
            @Nullable Path real,
            @Nullable Object inode,
            @Nullable FileTime time,
            long size) {
        static Identity of(Path path) {
            try {
                Path real = path.toRealPath();
                BasicFileAttributes found = Files.readAttributes(real, BasicFileAttributes.class);
                return new Identity(path, real, found.fileKey(), found.lastModifiedTime(), found.size());
            } catch (IOException e) {
                return new Identity(path, null, null, null, 0);
            }
        }
    }

    /**
     * A watch that is not started.
     *
     * @param settings the files; when they change, the new ones are read
     * @param timer says when to check; its tasks never block
     */
    public CertificateWatch(
            Live<TlsSettings> settings, Certificates certificates, ScheduledExecutorService timer, Clock clock) {
        this.settings = settings;
        this.certificates = certificates;
        this.timer = timer;
        this.clock = clock;
        this.used = identities();
        this.before = used;
    }

    @Override
    public void start() {
        warnOfExpiry();
        periodic = GuardedTask.every(PERIOD_MILLIS, timer, "tls_certificates", this::elsewhere);
    }

    @Override
    public CompletionStage<Void> stop() {
        if (periodic != null) {
            periodic.cancel(false);
        }
        return CompletableFuture.completedFuture(null);
    }

    private void elsewhere() {
        if (checking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("tls-certificates").start(new GuardedTask("tls_certificates", () -> {
                try {
                    check();
                } finally {
                    checking.set(false);
                }
            }));
        }
    }

    /** One check; blocks the thread. */
    void check() {
        certificates.rotateTickets(System.nanoTime());
        List<Identity> now = identities();
        // The two files of a pair are rarely replaced at the same moment: files that still change are read at the next
        // check.
        boolean stable = now.equals(before);
        before = now;
        if (stable && !now.equals(used) && !now.equals(refused)) {
            replace(now);
        }
        warnOfExpiry();
    }

    private List<Identity> identities() {
        List<Identity> all = new ArrayList<>();
        for (CertificateFiles files : settings.now().all()) {
            all.add(Identity.of(files.cert()));
            all.add(Identity.of(files.key()));
        }
        return all;
    }

    private void replace(List<Identity> now) {
        try {
            List<ServerCertificate> read = Certificates.read(settings.now(), clock.instant());
            if (read.isEmpty()) {
                refused = now;
                LOG.warn("event=tls_certificates_kept reason=\"no certificate is named any more\"");
                return;
            }
            certificates.replace(read);
            used = now;
            refused = List.of();
            for (ServerCertificate certificate : read) {
                LOG.info(
                        "event=tls_certificate_in_use cert={} names={} expires={}",
                        certificate.files().cert(),
                        certificate.names(),
                        certificate.expires());
            }
        } catch (BadCertificateException e) {
            refused = now;
            LOG.error("event=tls_certificates_kept reason=\"{}\" detail=\"the old ones stay in use\"", e.getMessage());
        }
    }

    private void warnOfExpiry() {
        Instant now = clock.instant();
        if (now.isBefore(warned.plus(Duration.ofDays(1)))) {
            return;
        }
        for (ServerCertificate certificate : certificates.current()) {
            Duration left = Duration.between(now, certificate.expires());
            if (left.compareTo(EXPIRES_SOON) < 0) {
                warned = now;
                LOG.warn(
                        "event=tls_certificate_expires cert={} expires={} days_left={}",
                        certificate.files().cert(),
                        certificate.expires(),
                        Math.max(0, left.toDays()));
            }
        }
    }
}
