package xiu.protocol.rtmp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReceiveWindowTest {
    private static final int READ = 64 << 10;
    private static final int WINDOW = 2_500_000;

    private final ReceiveWindow window = new ReceiveWindow(3_073);

    @Test
    void reportsGoOnBeyondFourGibibytes() {
        window.open(WINDOW);
        int before = 0;
        int wraps = 0;
        while (window.received() < 9L << 30) {
            window.add(READ);
            if (window.isDue()) {
                int now = window.report();
                assertThat(now - before).isBetween(WINDOW / 2, WINDOW / 2 + READ);
                assertThat(Integer.toUnsignedLong(now)).isEqualTo(window.received() % (1L << 32));
                wraps += Integer.compareUnsigned(now, before) < 0 ? 1 : 0;
                before = now;
            }
        }
        assertThat(wraps).isEqualTo(2);
    }

    @Test
    void nothingIsReportedWithoutAWindow() {
        window.add(1 << 30);
        assertThat(window.isDue()).isFalse();
        window.open(0);
        assertThat(window.isDue()).isFalse();
    }

    @Test
    void theLargestWindowsAreNotNegative() {
        window.open(0xFFFFFFFF);
        window.add(1 << 30);
        assertThat(window.isDue()).isFalse();
        window.add(1 << 30);
        assertThat(window.isDue()).isTrue();
    }
}
