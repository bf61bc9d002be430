package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How relays begin and end: with a picture at once, and with a goodbye, also when the server between is stopped. */
class RelayGoodbyeIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    /** Viewers of a stream whose publisher is merely lost would stay this long, and fail the test. */
    private static final String PATIENT = "[stream]\ngrace = 3600\npublish_timeout = 3600\n";

    @Test
    void aServerThatIsStoppedEndsItsStreamsAtItsTargetsAndItsPulls() {
        try (XiuProcess target = XiuProcess.start(PATIENT);
                XiuProcess origin = XiuProcess.start();
                XiuProcess between = XiuProcess.start("""
                        [rtmp]
                        [[rtmp.push]]
                        address = "127.0.0.1"
                        port = %d
                        match = "live/*"
                        [[rtmp.pull]]
                        address = "127.0.0.1"
                        port = %d
                        match = "live/*"
                        """.formatted(target.port("rtmp"), origin.port("rtmp")));
                ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), origin.rtmp("live/pulled"));
                ExternalProcess other = MediaTools.publishForEver(TestClips.avcAac(), between.rtmp("live/pushed"))) {
            origin.awaitLog("event=publish .*stream=live/pulled", SOON);
            target.awaitLog("event=publish .*stream=live/pushed", SOON);
            try (RelayRecorder pushed = RelayRecorder.rtmp(target, "live/pushed");
                    RelayRecorder pulled = RelayRecorder.rtmp(between, "live/pulled");
                    RelayRecorder both = RelayRecorder.rtmp(between, "live/pulled")) {
                target.awaitLog("event=publish .*stream=live/pulled", SOON);
                try (RelayRecorder farthest = RelayRecorder.rtmp(target, "live/pulled")) {
                    List<RelayRecorder> players = List.of(pushed, pulled, both, farthest);
                    await().atMost(SOON).until(() -> players.stream().allMatch(player -> player.bytes() > 10_000));
                    assertThat(between.end("TERM", SOON)).isZero();
                    players.forEach(RelayRecorder::awaitEnd);
                }
            }
            target.awaitLog("(?s)(event=publish_end [^\\n]*reason=GOODBYE.*){2}", SOON);
            origin.awaitLog("event=session_end .*published=- reason=GOODBYE", SOON);
            assertThat(publisher.isAlive()).isTrue();
        }
    }

    @Test
    void aTargetThatComesLateGetsThePictureThatIsCachedAlready() {
        int port = FreePorts.next();
        try (XiuProcess edge = XiuProcess.start("""
                        [rtmp]
                        [[rtmp.push]]
                        address = "127.0.0.1"
                        port = %d
                        """.formatted(port) + PATIENT);
                RawRtmp publisher = RawRtmp.publishing(edge, "test")) {
            publisher.await("NetStream.Publish.Start");
            // Some pictures and then none: whatever the target gets comes from the cache.
            FlvFrames.ofClip(TestClips.avcOnly()).stream()
                    .limit(12)
                    .filter(frame -> frame.type() == RawRtmp.VIDEO)
                    .forEach(frame -> publisher.media(frame.type(), frame.timestamp(), frame.body()));
            edge.awaitLog("event=relay_waiting direction=PUSH stream=live/test", SOON);
            try (XiuProcess target = XiuProcess.start("[rtmp]\nport = %d\n".formatted(port) + PATIENT)) {
                target.awaitLog("event=publish .*stream=live/test", SOON);
                try (RawRtmp player = RawRtmp.playing(target, "test")) {
                    player.until("pictures", () -> player.frames.size() >= 8);
                    assertThat(player.frames.get(0).body()[1])
                            .as("AVC sequence header")
                            .isZero();
                    assertThat(player.frames.get(1).isKeyFrame()).isTrue();
                }
            }
        }
    }

    @Test
    void whatIsPulledFromAServerIsNotPushedBackToItByWhateverName() {
        try (XiuProcess origin = XiuProcess.start();
                XiuProcess edge = XiuProcess.start("""
                        [rtmp]
                        [rtmp.pull]
                        address = "127.0.0.1"
                        port = %1$d
                        [[rtmp.push]]
                        address = "127.0.0.1"
                        port = %1$d
                        [[rtmp.push]]
                        url = "rtmp://localhost:%1$d/{app}/{stream}-again"
                        """.formatted(origin.port("rtmp")));
                ExternalProcess publisher = MediaTools.publish(TestClips.avcAac(), origin.rtmp("live/test"))) {
            origin.awaitLog("event=publish .*stream=live/test", SOON);
            try (RelayRecorder player = RelayRecorder.httpFlv(edge, "live/test")) {
                edge.awaitLog("event=relay_loop direction=PUSH stream=live/test remote=rtmp://localhost:", SOON);
                player.assertEndsWithAllOf(PacketDump.normalised(TestClips.avcAac()), 25);
            }
            assertThat(publisher.awaitExit(SOON)).isZero();
            assertThat(edge.log())
                    .containsOnlyOnce("event=relay_loop")
                    .doesNotContain("PUSH stream=live/test remote=rtmp://127");
            assertThat(origin.log()).containsOnlyOnce("event=publish ");
        }
    }
}
