package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server that has run out of file descriptors serves whom it has, and takes others again when some are free. */
class DescriptorsIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int DESCRIPTORS = 100;

    @Test
    void runningOutOfDescriptorsEndsNoListener() {
        try (XiuProcess server =
                        XiuProcess.startWithin("ulimit -n " + DESCRIPTORS, "[stream]\npublish_timeout = 60\n");
                RawRtmp publisher = RawRtmp.publishing(server, "test").await("NetStream.Publish.Start");
                RawRtmp viewer = RawRtmp.playing(server, "test").await("NetStream.Play.Start")) {
            List<RawRtmp.Frame> clip = FlvFrames.ofClip(TestClips.avcAac());
            clip.subList(0, 60).forEach(frame -> publisher.media(frame.type(), frame.timestamp(), frame.body()));
            viewer.until("frames", () -> !viewer.frames.isEmpty());
            try (Crowd crowd = new Crowd()) {
                for (String protocol : List.of("rtmp", "httpflv", "hls")) {
                    for (int i = 0; i < DESCRIPTORS; i++) {
                        crowd.join(server.port(protocol), new byte[0], part -> {});
                    }
                }
                server.awaitLog("event=accept_failed ", SOON);
                await().atMost(SOON).until(() -> ServerFigures.descriptors(server) >= DESCRIPTORS - 1);
                int before = viewer.frames.size();
                clip.subList(60, 200).forEach(frame -> publisher.media(frame.type(), frame.timestamp(), frame.body()));
                viewer.until("more frames", () -> viewer.frames.size() >= before + 100);
            }
            for (String protocol : List.of("httpflv", "hls")) {
                assertThat(RawHttp.get(server.port(protocol), "/nothing")).isEqualTo(404);
            }
            try (RawRtmp late = RawRtmp.playing(server, "test").await("NetStream.Play.Start")) {
                late.until("frames", () -> !late.frames.isEmpty());
            }
            assertThat(server.log().lines().filter(line -> line.contains("event=accept_failed")))
                    .hasSizeLessThan(10);
        }
    }
}
