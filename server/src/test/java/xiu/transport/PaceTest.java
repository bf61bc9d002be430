package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    /** What a pass costs and what the period then is, µs. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "100, 166, 133",
        "700, 1166, 933",
        "3000, 5000, 4000",
        "3590, 5983, 4786",
        "3600, 60000, 4800",
        "9000, 100000, 12000",
        "20000, 100000, 33333",
        "54000, 100000, 90000",
        "60000, 100000, 100000",
        "67500, 112500, 100000",
        "90000, 150000, 120000",
        "210000, 350000, 280000",
        "400000, 425000, 425000"
    })
    void theDearerAPassTheLongerTheRest(long cost, long adaptive, long low) {
        long nanos = TimeUnit.MICROSECONDS.toNanos(cost);
        assertThat(TimeUnit.NANOSECONDS.toMicros(Pace.adaptive().period(nanos, nanos, nanos, 1)))
                .isEqualTo(adaptive);
        assertThat(TimeUnit.NANOSECONDS.toMicros(Pace.low().period(nanos, nanos, nanos, 1)))
                .isEqualTo(low);
    }

    /** Streams with a player each save nothing by a short rest; nor does one stream of two hundred, but one of three hundred. */
    @Test
    void manySmallAudiencesRestLaterThanOneLargeOne() {
        long turn = TimeUnit.MICROSECONDS.toNanos(12);
        assertThat(Pace.adaptive().period(turn, 100 * turn, 100 * turn, 1))
                .isEqualTo(2 * TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(Pace.adaptive().period(200 * turn, 200 * turn, 200 * turn, 1))
                .isEqualTo(4 * TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(Pace.adaptive().period(300 * turn, 300 * turn, 300 * turn, 1))
                .isEqualTo(60 * TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(Pace.adaptive().period(turn, 400 * turn, 400 * turn, 1)).isEqualTo(32 * 1_000_000);
    }

    @Test
    void aPassThatWasHeldUpDoesNotMakeTheOthersWait() {
        Pace.TurnCost turns = new Pace.TurnCost();
        long turn = TimeUnit.MICROSECONDS.toNanos(10);
        for (int pass = 0; pass < 100; pass++) {
            turns.passed(20 * turn, 20);
            assertThat(turns.of(20, 20 * turn)).isEqualTo(20 * turn);
        }
        long heldUp = TimeUnit.MILLISECONDS.toNanos(6);
        turns.passed(heldUp, 20);
        long usual = turns.of(20, heldUp);
        assertThat(usual).isLessThan(28 * turn);
        // Taken at its word it would be 100 ms.
        assertThat(Pace.adaptive().period(usual, usual, heldUp, 1)).isEqualTo(heldUp / 60 * 100);
    }

    /** Turns by themselves, 40 µs each; then the collector lets the frames of 160 streams meet, which is cheap. */
    @Test
    void whatIsDearByItselfAndCheapInCompanyDoesNotMakeItWait() {
        Pace.TurnCost turns = new Pace.TurnCost();
        for (int pass = 0; pass < 100; pass++) {
            turns.passed(40_000, 1);
        }
        long cost = 160 * 7_000;
        turns.passed(cost, 160);
        assertThat(Pace.adaptive().period(turns.of(1, cost), turns.of(160, cost), cost, 1))
                .isLessThan(2_000_000);
        // Else they would rest for 40 ms, and meet again.
        assertThat(Pace.adaptive().period(turns.of(1, cost), 160 * 36_000, cost, 1))
                .isGreaterThan(35_000_000);
    }

    @Test
    void whatStaysDearIsBelieved() {
        Pace.TurnCost turns = new Pace.TurnCost();
        turns.passed(1_000, 1);
        for (int pass = 0; pass < 30; pass++) {
            turns.passed(100 * 10_000, 100);
        }
        assertThat(turns.of(100, 100 * 10_000L)).isBetween(90 * 10_000L, 100 * 10_000L);
    }

    @Test
    void aPassWithoutATurnSaysNothing() {
        Pace.TurnCost turns = new Pace.TurnCost();
        turns.passed(1_000_000, 0);
        turns.passed(700, 7);
        assertThat(turns.of(3, 300)).isEqualTo(300);
    }

    /** 2,000 players of 500 streams, 8 µs each: sooner while there is room, as before when the loop is full. */
    @ParameterizedTest
    @CsvSource({"0, 53333", "0.5, 53333", "0.6, 64000", "0.65, 80000", "0.7, 100000", "1, 100000"})
    void theMoreElseALoopHasToDoTheLongerTheRest(double others, long expected) {
        long pass = TimeUnit.MICROSECONDS.toNanos(2_000 * 8);
        long period = Pace.adaptive().period(TimeUnit.MICROSECONDS.toNanos(4 * 8), pass, pass, others);
        assertThat(TimeUnit.NANOSECONDS.toMicros(period)).isEqualTo(expected);
    }

    @Test
    void othersHaveHadWhatThePassesHaveNot() {
        Pace.OtherWork others = new Pace.OtherWork();
        long second = TimeUnit.SECONDS.toNanos(1);
        assertThat(others.share()).isZero();
        // What was before the first look is not known.
        others.passed(second);
        others.sample(() -> 5 * second, 10 * second);
        assertThat(others.share()).isZero();
        others.passed(second / 10);
        others.passed(second / 10);
        others.sample(() -> 5 * second + second / 2, 11 * second);
        assertThat(others.share()).isEqualTo(0.3);
        // Passes are measured by the clock, and the processor may be another's meanwhile.
        others.passed(second);
        others.sample(() -> 6 * second, 12 * second);
        assertThat(others.share()).isZero();
    }

    @Test
    void whatOthersHaveHadIsNotAskedWhilePassesAreNearlyNothing() {
        Pace.OtherWork others = new Pace.OtherWork();
        long second = TimeUnit.SECONDS.toNanos(1);
        others.passed(second / 10);
        others.sample(() -> second, second);
        others.passed(second / 10);
        others.sample(() -> 2 * second, 2 * second);
        assertThat(others.share()).isEqualTo(0.9);
        others.passed(second / 100 - 1);
        others.sample(() -> fail("asked"), 3 * second);
        assertThat(others.share()).isZero();
        // What was before it was not asked is not known either.
        others.passed(second / 10);
        others.sample(() -> 4 * second, 4 * second);
        assertThat(others.share()).isZero();
    }
}
