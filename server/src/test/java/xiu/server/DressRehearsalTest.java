package xiu.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.rehearsal.Rehearsal;

class DressRehearsalTest {
    private static final int FRAMES = 90;

    private final XiuServer server = new XiuServer(DressRehearsal.settings());

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void everybodySeesThePlayToItsEnd() throws InterruptedException {
        Map<String, Integer> seen = Rehearsal.perform(start(), FRAMES);
        assertThat(seen)
                .containsOnlyKeys(
                        "rtmp 1",
                        "rtmp 2",
                        "rtmp 3",
                        "rtmp 4",
                        "http-flv 1",
                        "http-flv 2",
                        "http-flv 3",
                        "http-flv 4",
                        "websocket-flv 1",
                        "websocket-flv 2",
                        "websocket-flv 3",
                        "websocket-flv 4",
                        "hls 1",
                        "hls 2",
                        "hls 3",
                        "hls 4")
                .allSatisfy((player, frames) -> assertThat(frames).isGreaterThanOrEqualTo(FRAMES));
    }

    @Test
    void aStageThatIsMissingIsNamed() {
        Rehearsal.Stage whole = start();
        Rehearsal.Stage noHls = new Rehearsal.Stage(whole.rtmp(), whole.httpflv(), whole.rtmp());
        assertThatExceptionOfType(Rehearsal.FailedException.class)
                .isThrownBy(() -> Rehearsal.perform(noHls, FRAMES))
                .withMessageStartingWith("rehearsal: hls 1: ");
        Rehearsal.Stage noRtmp = new Rehearsal.Stage(whole.hls(), whole.httpflv(), whole.hls());
        assertThatExceptionOfType(Rehearsal.FailedException.class)
                .isThrownBy(() -> Rehearsal.perform(noRtmp, FRAMES))
                .withMessageStartingWith("rehearsal: publish: ");
    }

    @Test
    void theStageIsOnLoopbackAndPortsThatNobodyElseUses() {
        start();
        assertThat(server.endpoints())
                .extracting(endpoint -> endpoint.address().getAddress().isLoopbackAddress())
                .containsOnly(true);
        assertThat(server.endpoints())
                .extracting(Endpoint::address)
                .extracting(InetSocketAddress::getPort)
                .doesNotContainAnyElementsOf(List.of(1935, 8080, 8081));
    }

    private Rehearsal.Stage start() {
        server.start();
        return DressRehearsal.stage(server.endpoints());
    }
}
