package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Far sides that go and come back, and what the near side's publishers and players notice of it: nothing. */
class RelayRecoveryIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final PacketDump SOURCE = PacketDump.normalised(TestClips.avcAac());

    private static XiuProcess at(int port) {
        return XiuProcess.start("[rtmp]\nport = %d\n".formatted(port));
    }

    @Test
    void aTargetThatComesAndGoesGetsTheStreamWheneverItIsThere() {
        int changing = FreePorts.next();
        try (XiuProcess steady = XiuProcess.start();
                XiuProcess edge = XiuProcess.start("""
                        [rtmp]
                        [[rtmp.push]]
                        address = "127.0.0.1"
                        port = %d
                        [[rtmp.push]]
                        address = "127.0.0.1"
                        port = %d
                        """.formatted(changing, steady.port("rtmp")));
                ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), edge.rtmp("live/test"))) {
            String to = " direction=PUSH stream=live/test remote=rtmp://127.0.0.1:" + changing;
            edge.awaitLog("event=relay_waiting" + to, SOON);
            steady.awaitLog("event=publish ", SOON);
            try (RelayRecorder here = RelayRecorder.httpFlv(edge, "live/test");
                    RelayRecorder there = RelayRecorder.httpFlv(steady, "live/test")) {
                for (int life = 1; life <= 2; life++) {
                    try (XiuProcess target = at(changing)) {
                        target.awaitLog("event=publish .*stream=live/test", SOON);
                        try (RelayRecorder player = RelayRecorder.rtmp(target, "live/test")) {
                            await().atMost(SOON).until(() -> player.bytes() > 20_000);
                        }
                        target.kill();
                    }
                    edge.awaitLog(
                            "(?s)(event=relay_running" + to + ".*event=relay_waiting" + to + ".*){" + life + "}", SOON);
                }
                assertThat(here.isPlaying()).isTrue();
                assertThat(there.isPlaying()).isTrue();
                assertThat(publisher.isAlive()).isTrue();
                assertThat(steady.log()).containsOnlyOnce("event=publish ");
                publisher.terminate(SOON);
                here.awaitEnd();
                there.awaitEnd();
                here.assertUnbroken(SOURCE, 0);
                there.assertUnbroken(SOURCE, 0);
            }
        }
    }

    @Test
    void playersOfAKilledUpstreamStayAndGoOnAtAKeyFrame() throws Exception {
        int upstream = FreePorts.next();
        try (XiuProcess edge = XiuProcess.start("""
                        [rtmp]
                        [rtmp.pull]
                        address = "127.0.0.1"
                        port = %d
                        [hls]
                        fragment = 1
                        [stream]
                        grace = 20
                        """.formatted(upstream))) {
            XiuProcess first = at(upstream);
            try (first;
                    ExternalProcess publisher =
                            MediaTools.publishForEver(TestClips.avcAac(), first.rtmp("live/test"))) {
                first.awaitLog("event=publish ", SOON);
                try (RelayRecorder flv = RelayRecorder.httpFlv(edge, "live/test");
                        RelayRecorder rtmp = RelayRecorder.rtmp(edge, "live/test");
                        RelayRecorder hls = RelayRecorder.hls(edge, "live/test")) {
                    List<RelayRecorder> players = List.of(flv, rtmp, hls);
                    await().atMost(SOON).until(() -> players.stream().allMatch(player -> player.bytes() > 60_000));
                    first.kill();
                    edge.awaitLog("event=relay_waiting direction=PULL", SOON);
                    publisher.close();
                    long before = rtmp.bytes();
                    comesBack(upstream, edge, () -> {
                        await().atMost(SOON).until(() -> rtmp.bytes() > before + 60_000);
                        assertThat(players).allMatch(RelayRecorder::isPlaying);
                        assertThat(playlist(edge)).contains("#EXT-X-DISCONTINUITY\n");
                    });
                    flv.awaitEnd();
                    rtmp.awaitEnd();
                    flv.assertUnbroken(SOURCE, 1);
                    rtmp.assertUnbroken(SOURCE, 1);
                }
            }
        }
    }

    private static void comesBack(int port, XiuProcess edge, Runnable check) {
        try (XiuProcess again = at(port);
                ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), again.rtmp("live/test"))) {
            edge.awaitLog("(?s)event=relay_running direction=PULL.*event=relay_running direction=PULL", SOON);
            check.run();
            publisher.terminate(SOON);
            edge.awaitLog("event=relay_stopped direction=PULL .*reason=\"the far side ended the stream\"", SOON);
        }
    }

    private static String playlist(XiuProcess server) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(server.hls("live/test"))).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
