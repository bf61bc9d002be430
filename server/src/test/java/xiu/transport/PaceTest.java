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
        "100, 1000, 166",
        "3000, 30000, 5000",
        "9000, 90000, 15000",
        "20000, 90000, 33333",
        "54000, 90000, 90000",
        "60000, 100000, 90000",
        "67500, 112500, 90000",
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
