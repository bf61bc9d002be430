package xiu.transport.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RareLinesTest {
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final Logger log = new LoggerContext().getLogger("rare");
    private final RareLines lines = new RareLines(log);

    @BeforeEach
    void listen() {
        log.setLevel(Level.INFO);
        log.addAppender(written);
        written.start();
    }

    @Test
    void thousandsOfTroublesAreAllCountedAndLeaveALineForEachKind() {
        for (int i = 0; i < 5_000; i++) {
            lines.happened("limit_a", "peer-" + i, "too much");
            lines.happened("limit_b", "peer-" + i, "too long");
        }
        assertThat(lines.count("limit_a")).isEqualTo(5_000);
        assertThat(lines.count("limit_b")).isEqualTo(5_000);
        assertThat(lines.count("limit_c")).isZero();
        // A machine that stops for ten seconds in the middle may write another.
        assertThat(texts()).hasSizeBetween(2, 6).startsWith("event=limit_a peer=peer-0 detail=\"too much\" times=1");
    }

    private List<String> texts() {
        return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void aLineSaysHowOftenItWasSinceTheLast() {
        RareLine line = new RareLine(10);
        assertThat(line.happened(0)).isEqualTo(1);
        for (int now = 1; now < 10; now++) {
            assertThat(line.happened(now)).isZero();
        }
        assertThat(line.happened(10)).isEqualTo(10);
        assertThat(line.happened(11)).isZero();
    }
}
