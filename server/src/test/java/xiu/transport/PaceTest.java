package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    /** What a pass costs and what the period then is, µs. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "100, 166, 133",
        "700, 1166, 933",
        "3000, 50000, 4000",
        "9000, 100000, 15000",
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
        assertThat(TimeUnit.NANOSECONDS.toMicros(Pace.adaptive().period(nanos))).isEqualTo(adaptive);
        assertThat(TimeUnit.NANOSECONDS.toMicros(Pace.low().period(nanos))).isEqualTo(low);
    }
}
