package xiu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativePathsTest {
    @Test
    void unicodeHasAllNames() {
        assertThat(NativePaths.narrow("UTF-8")).isNull();
    }

    /** That of the POSIX locale, that of western Europe of old, and one that this JVM does not know. */
    @ParameterizedTest
    @ValueSource(strings = {"ANSI_X3.4-1968", "ISO-8859-1", "x-none-such"})
    void othersAreNamed(String encoding) {
        assertThat(NativePaths.narrow(encoding)).isEqualTo(encoding);
    }

    @Test
    void plainPathsAreReadAndOthersRefusedWithTheReason() {
        assertThat(NativePaths.parse("a/b")).isEqualTo(Path.of("a/b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NativePaths.parse("a\0b"))
                .withMessage("not a path: Nul character not allowed");
    }
}
