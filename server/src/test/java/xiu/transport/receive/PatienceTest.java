package xiu.transport.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a loop lets requests gather, on a clock of the test's own. */
class PatienceTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Patience patience = new Patience();
    private long now = 1_000 * MILLI;

    @BeforeEach
    void begin() {
        patience.begin(now);
    }

    /** Looks after so many microseconds, and finds so many. */
    private void look(long micros, int events) {
        now += TimeUnit.MICROSECONDS.toNanos(micros);
        patience.looked(now, events);
    }

    private void settle(long microsFromEventToEvent) {
        for (int i = 0; i < 100; i++) {
            look(microsFromEventToEvent, 1);
        }
    }

    @Test
    void nothingIsWaitedForAtFirst() {
        assertThat(patience.rest(now)).isZero();
    }

    @Test
    void fewRequestsAreAnsweredAtOnce() {
        settle(11_000);
        assertThat(patience.rest(now)).isZero();
    }

    @Test
    void moreGatherForAsLongAsNobodyNotices() {
        settle(9_000);
        assertThat(patience.rest(now)).isEqualTo(Patience.LONGEST);
        settle(4_000);
        assertThat(patience.rest(now)).isEqualTo(Patience.LONGEST);
    }

    @Test
    void manyAreEnoughSooner() {
        settle(500);
        assertThat(patience.rest(now) / MILLI).isBetween(10L, 11L);
        assertThat(patience.rest(now + 4 * MILLI) / MILLI)
                .as("counted from look to look")
                .isBetween(6L, 7L);
        assertThat(patience.rest(now + 12 * MILLI)).isZero();
    }

    @Test
    void whatComesTogetherCountsOneByOne() {
        for (int i = 0; i < 100; i++) {
            look(10_000, 20);
        }
        assertThat(patience.rest(now) / MILLI).isBetween(10L, 11L);
    }

    @Test
    void looksThatFindNothingChangeNothing() {
        settle(500);
        long rest = patience.rest(now);
        patience.looked(now, 0);
        assertThat(patience.rest(now)).isEqualTo(rest);
    }

    @Test
    void afterSilenceTheFirstIsAnsweredAtOnce() {
        settle(500);
        now += 1_000 * MILLI;
        assertThat(patience.rest(now)).isZero();
    }

    private static void writable(EmbeddedChannel channel, boolean is) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, is);
        channel.runPendingTasks();
    }

    @Test
    void nobodyWaitsWhileASocketHasNotTakenItsOutput() {
        settle(500);
        EmbeddedChannel channel = new EmbeddedChannel(new WaitingOutput(patience));
        writable(channel, false);
        assertThat(channel.isWritable()).isFalse();
        assertThat(patience.rest(now)).isZero();
        writable(channel, true);
        assertThat(patience.rest(now)).isPositive();
        writable(channel, false);
        channel.finishAndReleaseAll();
        assertThat(patience.rest(now)).as("it is gone").isPositive();
    }
}
