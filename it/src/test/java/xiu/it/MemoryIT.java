package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The ceiling over all memory: who is behind goes, who keeps up stays, and when there is room again all is as before. */
class MemoryIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SETTINGS = """
            [hls]
            enabled = false
            [stream]
            publish_timeout = 60
            [transport]
            send_buffer = "64KiB"
            [limits]
            memory = "16MiB"
            log_bytes = "96MiB"
            log_packets = 100000
            log_duration = 3600
            viewer_backlog_bytes = "96MiB"
            viewer_backlog_time = 3600
            viewer_stall_timeout = 3600
            """;

    /** Small packets, which an allocator keeps many of in one piece of memory. */
    private static final int FRAME = 5_000;

    private static final long CEILING = 16 << 20;

    private final Random random = new Random(1);
    private int time;

    /** A picture that no decoder could show, but that passes through. */
    private void picture(RawRtmp publisher, boolean key) {
        byte[] body = new byte[FRAME];
        random.nextBytes(body);
        body[0] = (byte) (key ? 0x17 : 0x27);
        body[1] = 1;
        time += 10;
        publisher.media(RawRtmp.VIDEO, time, body);
    }

    /** The viewer that reads never waits for long. */
    private void catchUp(Crowd crowd, List<Integer> seen) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> {
            crowd.listen(5);
            return !seen.isEmpty() && seen.getLast() == time;
        });
    }

    private static long count(XiuProcess server, String text) {
        return server.log().lines().filter(line -> line.contains(text)).count();
    }

    @Test
    void theSlowGoTheOthersStayAndTheServerRecovers() {
        try (XiuProcess server = XiuProcess.start(
                        SETTINGS,
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:MaxDirectMemorySize=256m",
                        DirectMemory.ASKABLE);
                Crowd crowd = new Crowd();
                RawRtmp publisher = RawRtmp.publishing(server, "test").await("NetStream.Publish.Start")) {
            FlvFrames.ofClip(TestClips.avcAac()).stream()
                    .filter(frame -> frame.type() == RawRtmp.VIDEO && frame.body()[1] == 0)
                    .forEach(header -> publisher.media(RawRtmp.VIDEO, 0, header.body()));
            picture(publisher, true);
            byte[] request = RawHttp.request("/live/test.flv");
            List<Integer> seen = new ArrayList<>();
            FlvFrames frames = new FlvFrames(frame -> seen.add(frame.timestamp()));
            crowd.join(server.port("httpflv"), request, frames::accept);
            crowd.joinDeaf(server.port("httpflv"), request);
            await().atMost(SOON).until(() -> count(server, "event=play ") == 2);
            long allocated = DirectMemory.allocated(server);
            long resident = ServerFigures.residentKiB(server);
            // One group of pictures that becomes too long for the server.
            await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> {
                for (int i = 0; i < 100; i++) {
                    picture(publisher, false);
                }
                catchUp(crowd, seen);
                return server.log().contains("event=memory_ceiling_reached ");
            });
            try (RawRtmp late = RawRtmp.publishing(server, "late")) {
                late.await("NetStream.Publish.Rejected");
            }
            server.awaitLog("event=publish_refused_limit ", SOON);
            assertThat(DirectMemory.allocated(server) - allocated)
                    .as("buffers at the peak")
                    .isGreaterThan(CEILING);
            assertThat((ServerFigures.residentKiB(server) - resident) << 10)
                    .as("memory of the machine at the peak")
                    .isGreaterThan(CEILING);
            // The guard sees who is behind a little later than that there is too much.
            server.awaitLog("event=play_end .*reason=TOO_SLOW", SOON);
            long peak = ServerFigures.residentKiB(server);
            // The next ones are short, so that the long one need not be kept.
            await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> {
                for (int i = 0; i < 20; i++) {
                    picture(publisher, i == 0);
                }
                catchUp(crowd, seen);
                return server.log().contains("event=memory_below_ceiling ");
            });
            try (RawRtmp late = RawRtmp.publishing(server, "late")) {
                late.await("NetStream.Publish.Start");
            }
            catchUp(crowd, seen);
            assertThat(crowd.open()).as("the viewer that reads").isEqualTo(1);
            long used = Long.parseLong(server.awaitLog("event=memory_below_ceiling used=(\\d+)", SOON)
                    .group(1));
            assertThat(used).as("the guard's figure").isLessThan(CEILING / 10 * 9);
            assertThat(DirectMemory.allocated(server) - allocated)
                    .as("buffers after the peak")
                    .isLessThan(CEILING / 2);
            // The C library keeps what is freed for the next time, until it is told not to.
            ExternalProcess.run(
                    SOON,
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    Long.toString(server.pid()),
                    "System.trim_native_heap");
            assertThat((peak - ServerFigures.residentKiB(server)) << 10)
                    .as("memory of the machine that is given back")
                    .isGreaterThan(CEILING / 2);
            assertThat(count(server, "event=memory_ceiling_reached ")).isEqualTo(1);
            assertThat(count(server, "reason=TOO_SLOW")).isEqualTo(1);
        }
    }
}
