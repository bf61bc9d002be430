package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Circles end by themselves, with one clear line; chains carry on, and quickly. */
class RelayLoopIT {
    private static final System.Logger LOG = System.getLogger(RelayLoopIT.class.getName());
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Duration QUICK = Duration.ofSeconds(3);
    /** A busy machine may hold up some. */
    private static final int TRIES = 5;

    private final HttpClient http = HttpClient.newHttpClient();

    private static XiuProcess pushing(int port, int to) {
        return XiuProcess.start(
                "[rtmp]\nport = %d\n[[rtmp.push]]\naddress = \"127.0.0.1\"\nport = %d\n".formatted(port, to));
    }

    private static XiuProcess pulling(int port, int from) {
        return XiuProcess.start("[rtmp]\nport = %d\n[rtmp.pull]\naddress = \"127.0.0.1\"\nport = %d\nwait = 300\n"
                .formatted(port, from));
    }

    private static long loops(XiuProcess... servers) {
        return List.of(servers).stream()
                .flatMap(server -> server.log().lines())
                .filter(line -> line.contains("event=relay_loop"))
                .count();
    }

    @Test
    void twoServersThatPushToEachOtherNoticeOnce() {
        int first = FreePorts.next();
        int second = FreePorts.next();
        try (XiuProcess a = pushing(first, second);
                XiuProcess b = pushing(second, first);
                ExternalProcess publisher = MediaTools.publish(TestClips.avcAac(), a.rtmp("live/test"))) {
            b.awaitLog("event=relay_loop direction=PUSH stream=live/test .*reason=\"the stream has been at node", SOON);
            assertThat(publisher.awaitExit(SOON)).isZero();
            b.awaitLog("event=session_end .*app=live .*reason=GOODBYE", SOON);
            assertThat(loops(a, b)).isEqualTo(1);
            assertThat(a.log()).containsOnlyOnce("event=publish ");
            assertThat(b.log()).containsOnlyOnce("event=publish ");
        }
    }

    @Test
    void twoServersThatPullFromEachOtherRefuseWhatNeitherHas() {
        int first = FreePorts.next();
        int second = FreePorts.next();
        try (XiuProcess a = pulling(first, second);
                XiuProcess b = pulling(second, first)) {
            // Not when the time is over in which an upstream may have it, which is minutes here.
            CompletableFuture<Integer> atBoth = status(a, "live/both").thenCombine(status(b, "live/both"), Math::max);
            assertThat(status(a, "live/nobody")).succeedsWithin(SOON).isEqualTo(404);
            assertThat(atBoth).succeedsWithin(SOON).isEqualTo(404);
            assertThat(loops(a)).isBetween(0L, 1L);
            assertThat(loops(b)).isBetween(0L, 1L);
            assertThat(loops(a, b)).isPositive();
            try (ExternalProcess publisher = MediaTools.publish(TestClips.avcAac(), b.rtmp("live/test"))) {
                b.awaitLog("event=publish .*stream=live/test", SOON);
                try (RelayRecorder player = RelayRecorder.httpFlv(a, "live/test")) {
                    player.assertEndsWithAllOf(PacketDump.normalised(TestClips.avcAac()), 25);
                }
                assertThat(publisher.awaitExit(SOON)).isZero();
            }
        }
    }

    @Test
    void chainsOfThreeShowThePictureAtTheirFarEndSoon() throws Exception {
        try (XiuProcess c = XiuProcess.start();
                XiuProcess b = pushing(FreePorts.next(), c.port("rtmp"));
                XiuProcess a = pushing(FreePorts.next(), b.port("rtmp"));
                XiuProcess d = pulling(FreePorts.next(), a.port("rtmp"));
                XiuProcess e = pulling(FreePorts.next(), d.port("rtmp"))) {
            // Servers that have just started load what they need for it.
            LOG.log(Level.INFO, "three nodes, cold: {0}", firstPictures(a, c, e, "live/cold"));
            List<Duration> warm = new ArrayList<>();
            while (warm.isEmpty() || warm.getLast().compareTo(QUICK) >= 0 && warm.size() < TRIES) {
                warm.add(firstPictures(a, c, e, "live/warm-" + warm.size()));
            }
            LOG.log(Level.INFO, "three nodes, warm: {0}", warm);
            assertThat(warm.getLast()).isLessThan(QUICK);
            try (ExternalProcess publisher = MediaTools.publish(TestClips.avcAac(), a.rtmp("live/whole"))) {
                publishedAt(a, "live/whole");
                try (RelayRecorder player = RelayRecorder.httpFlv(e, "live/whole")) {
                    player.assertEndsWithAllOf(PacketDump.normalised(TestClips.avcAac()), 25);
                }
                assertThat(publisher.awaitExit(SOON)).isZero();
            }
        }
    }

    /** From publish to picture by push, or from request to picture by pull, whichever takes longer. */
    private Duration firstPictures(XiuProcess first, XiuProcess pushed, XiuProcess pulling, String path)
            throws Exception {
        try (ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), first.rtmp(path))) {
            Instant there = firstPicture(pushed, path);
            Duration push = Duration.between(publishedAt(first, path), there);
            Instant asked = Instant.now();
            Duration pull = Duration.between(asked, firstPicture(pulling, path));
            publisher.terminate(SOON);
            return push.compareTo(pull) > 0 ? push : pull;
        }
    }

    private static Instant publishedAt(XiuProcess server, String path) {
        return Instant.parse(server.awaitLog("^(\\S+) .*event=publish .*stream=" + path, SOON)
                .group(1));
    }

    private CompletableFuture<Integer> status(XiuProcess server, String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server.httpFlv(path))).build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    /** Asks again and again until there is a stream, and reads it up to its first key frame. */
    private Instant firstPicture(XiuProcess server, String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server.httpFlv(path))).build();
        Instant until = Instant.now().plus(SOON);
        while (Instant.now().isBefore(until)) {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() == 200) {
                    readToKeyFrame(body);
                    return Instant.now();
                }
            }
        }
        throw new AssertionError(path + ": no picture");
    }

    /** FLV: a header of 9 + 4 bytes, then tags; a video tag 0x17 0x01 is a key frame of H.264. */
    private static void readToKeyFrame(InputStream flv) throws IOException {
        flv.readNBytes(13);
        while (true) {
            byte[] header = flv.readNBytes(11);
            int size = (header[1] & 0xFF) << 16 | (header[2] & 0xFF) << 8 | header[3] & 0xFF;
            byte[] body = flv.readNBytes(size + 4);
            if (header[0] == 9 && body[0] == 0x17 && body[1] == 1) {
                return;
            }
        }
    }
}
