package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** nginx-rtmp as target and as upstream, and this server as target and upstream of nginx-rtmp, byte by byte. */
class NginxRelayIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final PacketDump SOURCE = PacketDump.normalised(TestClips.avcAac());
    /** Of 125; the players come when the stream runs already. */
    private static final int FRAMES = 25;

    private static NginxProcess nginx;
    private static XiuProcess server;

    @BeforeAll
    static void start() {
        int nginxPort = FreePorts.next();
        server = XiuProcess.start("""
                [rtmp]
                [[rtmp.push]]
                url = "rtmp://127.0.0.1:%1$d/target/{stream}"
                match = "out/*"
                [[rtmp.pull]]
                url = "rtmp://127.0.0.1:%1$d/upstream/{stream}"
                match = "in/*"
                """.formatted(nginxPort));
        nginx = NginxProcess.start(nginxPort, """
                idle_streams off;
                wait_key on;
                application target { live on; }
                application upstream { live on; push rtmp://127.0.0.1:%1$d/pushed; }
                application puller { live on; idle_streams on; publish_notify on; pull rtmp://127.0.0.1:%1$d/out; }
                """.formatted(server.port("rtmp")));
    }

    @AfterAll
    static void stop() {
        try {
            nginx.close();
        } finally {
            server.close();
        }
    }

    @Test
    void nginxTakesWhatIsPushedToItAndPullsTheSameFromHere() {
        try (ExternalProcess publisher = MediaTools.publish(TestClips.avcAac(), server.rtmp("out/given"))) {
            nginx.awaitLog("publish: name='given'");
            compare(
                    publisher,
                    RelayRecorder.rtmpUrl(nginx.rtmp("target/given")),
                    RelayRecorder.rtmpUrl(nginx.rtmp("puller/given")));
            server.awaitLog("event=relay_stopped direction=PUSH stream=out/given .*reason=\"the stream ended\"", SOON);
        }
        // The name is free as soon as the relay has gone; that a goodbye is said before the close, RelayGoodbyeIT
        // shows.
        try (ExternalProcess again = MediaTools.publish(TestClips.avcAac(), server.rtmp("out/given"))) {
            nginx.awaitLog("(?s)publish: name='given'.*publish: name='given'");
            again.terminate(SOON);
        }
        assertThat(nginx.log()).doesNotContain("already publishing");
    }

    @Test
    void whatIsPublishedAtNginxIsPulledFromItAndPushedByIt() {
        try (ExternalProcess publisher = MediaTools.publish(TestClips.avcAac(), nginx.rtmp("upstream/taken"))) {
            server.awaitLog("event=publish .*stream=pushed/taken", SOON);
            List<RelayRecorder> recorders = new ArrayList<>(RelayRecorder.everyWay(server, "in/taken"));
            recorders.add(RelayRecorder.rtmp(server, "pushed/taken"));
            compare(publisher, recorders.toArray(RelayRecorder[]::new));
            server.awaitLog("event=relay_stopped direction=PULL stream=in/taken ", SOON);
        }
    }

    private static void compare(ExternalProcess publisher, RelayRecorder... recorders) {
        try (publisher) {
            for (RelayRecorder recorder : recorders) {
                recorder.assertEndsWithAllOf(SOURCE, FRAMES);
            }
        } finally {
            for (RelayRecorder recorder : recorders) {
                recorder.close();
            }
        }
    }
}
