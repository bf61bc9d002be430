package xiu.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import xiu.settings.Live;

class CertificateWatchTest {
    @TempDir
    Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger(CertificateWatch.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final TestClock clock = new TestClock();
    private TestCertificates made;
    private Live<TlsSettings> settings;
    private Certificates certificates;
    private CertificateWatch watch;

    private static final class TestClock extends Clock {
        private Instant now = TestCertificates.NOW;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void start() throws Exception {
        made = new TestCertificates(folder);
        settings = Live.of(settings(made.write("a", made.issue("old.example"))));
        certificates = new Certificates(
                TlsEngine.best(), Certificates.read(settings.now(), clock.instant()), () -> Duration.ofSeconds(10));
        watch = new CertificateWatch(settings, certificates, timer, clock);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
        timer.shutdownNow();
    }

    private static TlsSettings settings(CertificateFiles files) {
        return new TlsSettings(Optional.of(files.cert()), Optional.of(files.key()), List.of());
    }

    private Set<String> names() {
        return certificates.current().getFirst().names();
    }

    private List<String> said() {
        List<String> said =
                lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        lines.list.clear();
        return said;
    }

    @Test
    void aNewPairIsUsedOnceBothFilesStayAsTheyAre() throws Exception {
        watch.check();
        assertThat(said()).isEmpty();
        made.write("a", made.issue("new.example"));
        watch.check();
        assertThat(names()).containsExactly("old.example");
        watch.check();
        assertThat(names()).containsExactly("new.example");
        assertThat(said()).singleElement().asString().startsWith("event=tls_certificate_in_use cert=" + folder);
        watch.check();
        assertThat(said()).isEmpty();
    }

    /** As certbot does: the name stays and leads to another file. */
    @Test
    void aLinkThatLeadsElsewhereIsNoticed() throws Exception {
        CertificateFiles next = made.write("b", made.issue("linked.example"));
        CertificateFiles links = new CertificateFiles(folder.resolve("live.crt"), folder.resolve("live.key"));
        CertificateFiles first = settings.now().all().getFirst();
        Files.createSymbolicLink(links.cert(), first.cert());
        Files.createSymbolicLink(links.key(), first.key());
        settings.set(settings(links));
        watch.check();
        watch.check();
        assertThat(names()).containsExactly("old.example");
        for (Path[] pair : new Path[][] {{links.cert(), next.cert()}, {links.key(), next.key()}}) {
            Path turned = Files.createSymbolicLink(folder.resolve("turned"), pair[1]);
            Files.move(turned, pair[0], StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        watch.check();
        watch.check();
        assertThat(names()).containsExactly("linked.example");
    }

    @Test
    void aBadPairChangesNothingAndIsSaidOnce() throws Exception {
        Files.writeString(settings.now().all().getFirst().key(), "nothing");
        for (int i = 0; i < 4; i++) {
            watch.check();
        }
        assertThat(names()).containsExactly("old.example");
        assertThat(said())
                .singleElement()
                .asString()
                .startsWith("event=tls_certificates_kept reason=\"")
                .contains("holds no private key");
        made.write("a", made.issue("new.example"));
        watch.check();
        watch.check();
        assertThat(names()).containsExactly("new.example");
    }

    @Test
    void aCertificateThatExpiresSoonIsSaidOnceADay() {
        clock.now = clock.now.plus(Duration.ofDays(77));
        watch.check();
        watch.check();
        assertThat(said()).singleElement().asString().endsWith("days_left=13");
        clock.now = clock.now.plus(Duration.ofDays(1));
        watch.check();
        assertThat(said()).singleElement().asString().endsWith("days_left=12");
    }
}
