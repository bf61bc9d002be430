package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The server as a process: it says where it listens, and ends cleanly. */
class XiuProcessIT {
    @Test
    void listensForEveryProtocolAndEndsCleanly() {
        try (XiuProcess xiu = XiuProcess.start()) {
            assertThat(xiu.port("rtmp")).isPositive();
            assertThat(xiu.httpFlv("live/test")).endsWith(xiu.port("httpflv") + "/live/test.flv");
            assertThat(xiu.hls("live/test")).endsWith(xiu.port("hls") + "/live/test/test.m3u8");
            xiu.stop();
            assertThat(xiu.log()).contains("event=stopping", "event=stopped");
        }
    }

    @Test
    void anEndWithoutGoodbyeIsNoticed() {
        XiuProcess xiu = XiuProcess.start("[log]\nlevel = \"warn\"\n");
        xiu.kill();
        assertThatThrownBy(xiu::stop).hasMessageContaining("exit code");
        xiu.close();
    }
}
