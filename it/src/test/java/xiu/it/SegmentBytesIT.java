package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A segment is the same bytes for everybody who asks for it while it is there, whole and in parts. */
class SegmentBytesIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    /** More than the kernel takes at once as a rule. */
    private static final int LARGE = 36 << 10;

    private int published;

    @Test
    void everybodyGetsTheSameUntilItIsGone() throws IOException {
        try (XiuProcess server = XiuProcess.start("""
                [hls]
                fragment = 60
                [limits]
                hls_segment_bytes = "64KiB"
                hls_window_bytes = "2MiB"
                """);
                RawRtmp publisher = RawRtmp.publishing(server, "test").await("NetStream.Publish.Start")) {
            int port = server.port("hls");
            // More than a segment, before anybody asks: who asks is kept waiting until the first one is there.
            for (int bytes = 0; bytes < 4 * (64 << 10); ) {
                bytes += publish(publisher);
            }
            String segment = await().atMost(SOON)
                    .until(
                            () -> {
                                publish(publisher);
                                return large(port);
                            },
                            Optional::isPresent)
                    .orElseThrow();
            String whole = body(port, segment);
            for (int i = 0; i < 20; i++) {
                assertThat(body(port, segment)).isEqualTo(whole);
            }
            assertThat(RawHttp.exchange(port, RawHttp.request(segment, "Range: bytes=188-" + (LARGE - 1))))
                    .endsWith("\r\n\r\n" + whole.substring(188, LARGE));
            try (Socket leaver = new Socket(InetAddress.getLoopbackAddress(), port)) {
                leaver.getOutputStream().write(RawHttp.request(segment));
                assertThat(leaver.getInputStream().read()).isEqualTo('H');
            }
            await().atMost(SOON).until(() -> {
                publish(publisher);
                return RawHttp.get(port, segment) == 404;
            });
        }
    }

    /** Another clip behind the others; returns its bytes. */
    private int publish(RawRtmp publisher) {
        List<RawRtmp.Frame> clip = FlvFrames.ofClip(TestClips.avcAac());
        int from = published++ * (clip.getLast().timestamp() + 40);
        clip.forEach(frame -> publisher.media(frame.type(), from + frame.timestamp(), frame.body()));
        return clip.stream().mapToInt(frame -> frame.body().length).sum();
    }

    /**
     * One that ended because it was full. Others may be small: the last one, and those before a gap, for media comes here
     * so fast that it may overtake whoever makes the segments.
     */
    private static Optional<String> large(int port) {
        return RawHttp.exchange(port, RawHttp.request("/live/test/test.m3u8"))
                .lines()
                .filter(line -> line.endsWith(".ts"))
                .map(name -> "/live/test/" + name)
                .filter(segment -> body(port, segment).length() >= LARGE)
                .findFirst();
    }

    private static String body(int port, String target) {
        return RawHttp.exchange(port, RawHttp.request(target)).split("\r\n\r\n", 2)[1];
    }
}
