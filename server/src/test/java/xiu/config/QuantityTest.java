package xiu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "65536, 65536",
        "16MiB, 16777216",
        "16 MiB, 16777216",
        "1k, 1024",
        "1KB, 1000",
        "2G, 2147483648",
        "1.5M, 1572864",
        "7b, 7",
        "3mb, 3000000",
        "1GB, 1000000000"
    })
    void readsSizes(String text, long bytes) {
        assertThat(Quantity.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "16 apples", "1e3", "0x10", "--1"})
    void refusesWhatIsNoSize(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantity.bytes(text))
                .withMessage("\"" + text + "\" (expected: a size like 65536 or \"16MiB\")");
    }

    @Test
    void refusesPartsOfAByteAndTooMany() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantity.bytes("0.3"))
                .withMessage("\"0.3\" (expected: a whole number of bytes)");
        assertThatIllegalArgumentException().isThrownBy(() -> Quantity.bytes("99999999999999G"));
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "10s, 10000", "0.5s, 500", "2m, 120000", "2 min, 120000", "1h, 3600000", "3, 3000"})
    void readsTimes(String text, long millis) {
        assertThat(Quantity.time(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "10 years", "1d"})
    void refusesWhatIsNoTime(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantity.time(text))
                .withMessage("\"" + text + "\" (expected: seconds, or a time like \"500ms\")");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 1e10})
    void refusesTimesWithoutEnd(double seconds) {
        assertThatIllegalArgumentException().isThrownBy(() -> Quantity.seconds(seconds));
    }
}
