package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two servers: whatever is published at one plays from either, by every protocol, byte by byte. */
class RelayPairIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final PacketDump SOURCE = PacketDump.normalised(TestClips.avcAac());
    /** Of 125; the players come when the stream runs already. */
    private static final int FRAMES = 25;

    @Test
    void whatIsPublishedAtAnEdgeIsPushedToTheOriginAndEndsThere() {
        try (XiuProcess origin = XiuProcess.start();
                XiuProcess edge = XiuProcess.start("""
                        [rtmp]
                        [[rtmp.push]]
                        enabled = true
                        address = "localhost"
                        port = %d
                        """.formatted(origin.port("rtmp")))) {
            ExternalProcess publisher = MediaTools.publish(TestClips.avcAac(), edge.rtmp("live/test"));
            origin.awaitLog("event=publish .*stream=live/test", SOON);
            play(publisher, origin, edge);
            edge.awaitLog("event=relay_stopped direction=PUSH stream=live/test .*reason=\"the stream ended\"", SOON);
            assertThat(edge.log()).containsOnlyOnce("event=relay_running direction=PUSH");
            origin.awaitLog("event=session_end .*app=live .*reason=GOODBYE", SOON);
        }
    }

    @Test
    void whatIsPublishedAtTheOriginIsPulledByTheEdgeOnDemand() {
        try (XiuProcess origin = XiuProcess.start();
                XiuProcess edge = XiuProcess.start("""
                        [rtmp]
                        [rtmp.pull]
                        enabled = true
                        address = "localhost"
                        port = %d
                        """.formatted(origin.port("rtmp")))) {
            ExternalProcess publisher = MediaTools.publish(TestClips.avcAac(), origin.rtmp("live/test"));
            origin.awaitLog("event=publish .*stream=live/test", SOON);
            play(publisher, edge, origin);
            edge.awaitLog("event=relay_stopped direction=PULL stream=live/test", SOON);
            assertThat(edge.log()).containsOnlyOnce("event=relay_running direction=PULL");
        }
    }

    /** Every way at the one that gets the stream from the other, and by RTMP where it is published. */
    private static void play(ExternalProcess publisher, XiuProcess far, XiuProcess near) {
        List<RelayRecorder> recorders = new ArrayList<>(RelayRecorder.everyWay(far, "live/test"));
        recorders.add(RelayRecorder.rtmp(near, "live/test"));
        try (publisher) {
            recorders.forEach(recorder -> recorder.assertEndsWithAllOf(SOURCE, FRAMES));
        } finally {
            recorders.forEach(RelayRecorder::close);
        }
    }
}
