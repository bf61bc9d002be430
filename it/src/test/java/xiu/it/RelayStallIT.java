package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Far sides that take a connection and then do nothing: noticed, named, tried again, and felt by nobody else. */
class RelayStallIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    private static String remote(DeafTarget target) {
        return " direction=PUSH stream=live/test remote=rtmp://127.0.0.1:" + target.port() + "/\\S+";
    }

    @Test
    void targetsThatReadNothingAreTriedAgainAndHinderNobody() {
        try (DeafTarget silent = DeafTarget.fromTheBeginning();
                DeafTarget deaf = DeafTarget.toMedia();
                XiuProcess steady = XiuProcess.start();
                XiuProcess edge = XiuProcess.start("""
                        [rtmp]
                        [[rtmp.push]]
                        address = "127.0.0.1"
                        port = %d
                        [[rtmp.push]]
                        address = "127.0.0.1"
                        port = %d
                        [[rtmp.push]]
                        address = "127.0.0.1"
                        port = %d
                        [transport]
                        send_buffer = "16KiB"
                        [limits]
                        viewer_stall_timeout = 2
                        """.formatted(silent.port(), deaf.port(), steady.port("rtmp")));
                ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), edge.rtmp("live/test"))) {
            steady.awaitLog("event=publish .*stream=live/test", SOON);
            try (RelayRecorder here = RelayRecorder.httpFlv(edge, "live/test");
                    RelayRecorder there = RelayRecorder.httpFlv(steady, "live/test")) {
                edge.awaitLog("event=relay_running" + remote(deaf), SOON);
                edge.awaitLog(
                        "event=relay_waiting" + remote(deaf) + " .*error=\"the far side does not take the stream\"",
                        SOON);
                edge.awaitLog("event=relay_waiting" + remote(silent) + " .*error=\"no answer in time\"", SOON);
                await().atMost(SOON).until(() -> deaf.connections() > 1 && silent.connections() > 1);
                laterPublisher(edge, steady);
                assertThat(publisher.isAlive()).isTrue();
                publisher.terminate(SOON);
                here.awaitEnd();
                there.awaitEnd();
                PacketDump source = PacketDump.normalised(TestClips.avcAac());
                here.assertUnbroken(source, 0);
                there.assertUnbroken(source, 0);
                assertThat(steady.log().lines().filter(line -> line.contains("event=publish ")))
                        .as("both streams, each in one piece")
                        .hasSize(2);
            }
        }
    }

    private static void laterPublisher(XiuProcess edge, XiuProcess steady) {
        try (ExternalProcess later = MediaTools.publishForEver(TestClips.avcAac(), edge.rtmp("live/later"))) {
            steady.awaitLog("event=publish .*stream=live/later", SOON);
            later.terminate(SOON);
        }
    }

    @Test
    void whatADeafTargetDoesNotTakeIsNotKept() {
        try (DeafTarget deaf = DeafTarget.toMedia();
                XiuProcess edge =
                        XiuProcess.start("""
                        [rtmp]
                        [[rtmp.push]]
                        address = "127.0.0.1"
                        port = %d
                        [hls]
                        enabled = false
                        [transport]
                        send_buffer = "16KiB"
                        [limits]
                        log_bytes = "4MiB"
                        viewer_skips = 0
                        viewer_stall_timeout = 3600
                        """.formatted(deaf.port()), "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch");
                RawRtmp publisher = RawRtmp.publishing(edge, "test").await("NetStream.Publish.Start")) {
            publish(publisher, 100);
            edge.awaitLog("event=relay_running" + remote(deaf), SOON);
            publish(publisher, 400);
            long before = ServerFigures.residentKiB(edge);
            publish(publisher, 2_000);
            long grown = ServerFigures.residentKiB(edge) - before;
            assertThat(grown).as("KiB, of 97,000 that were published").isLessThan(16_000);
            assertThat(deaf.connections()).as("all the time the same one").isEqualTo(1);
            assertThat(edge.log()).doesNotContain("event=relay_waiting");
        }
    }

    private static void publish(RawRtmp publisher, int pictures) {
        byte[] picture = new byte[50_000];
        for (int i = 0; i < pictures; i++) {
            // Sorenson H.263, which needs no sequence header.
            picture[0] = (byte) (i % 10 == 0 ? 0x12 : 0x22);
            publisher.media(RawRtmp.VIDEO, i, picture);
        }
    }

    @Test
    void aPlayerWaitsForASilentUpstreamAsLongAsItShould() throws Exception {
        try (DeafTarget silent = DeafTarget.fromTheBeginning();
                XiuProcess edge = XiuProcess.start("""
                        [rtmp]
                        [rtmp.pull]
                        address = "127.0.0.1"
                        port = %d
                        wait = 1
                        """.formatted(silent.port()));
                HttpClient http = HttpClient.newHttpClient()) {
            long began = System.nanoTime();
            HttpRequest request = HttpRequest.newBuilder(URI.create(edge.httpFlv("live/test")))
                    .build();
            assertThat(http.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(404);
            Duration waited = Duration.ofNanos(System.nanoTime() - began);
            // Far less than the fifteen seconds in which the upstream itself would have to answer.
            assertThat(waited).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(8));
            assertThat(silent.connections()).isEqualTo(1);
        }
    }
}
