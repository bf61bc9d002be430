package xiu.protocol.hls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.check.Damage;
import xiu.check.MediaFeed;
import xiu.check.PlaylistCheck;
import xiu.check.Quiet;
import xiu.http.HttpSettings;
import xiu.http.http1.EmbeddedClient;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.Publication;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;

/** Whatever stands behind the name of a live stream, a playlist that is answered is a legal one, and a part a part. */
@Tag("fuzz")
class PlaylistFuzzTest {
    private static final Quiet QUIET = Quiet.at("xiu");
    /** Not the open one, so that the query is repeated behind the segments' names. */
    private static final AccessPolicy POLICY =
            request -> CompletableFuture.completedFuture(AccessPolicy.Access.GRANTED);

    private static final Pattern REPLY =
            Pattern.compile("(?s)HTTP/1\\.1 (200|206|304|400|404|414|416|431) .*?\r\n\r\n(.*)");
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor();
    private static final DefaultEventExecutor READER = new DefaultEventExecutor();
    private static final StreamHub HUB = new StreamHub(StreamSettings.defaults(), POLICY, TIMER);
    private static final HlsService HLS = new HlsService(Live.of(HlsSettings.defaults()), HUB, POLICY, READER);

    static {
        HUB.addListener(HLS);
        HLS.start();
        Publication publication = HUB.feed(new StreamKey("live", "test"), new SamplePublisher("A", 1));
        publication.configure(MediaFeed.AVC);
        for (int time = 0; time < 9_000; time += 40) {
            publication.write(MediaFeed.picture(MediaFeed.AVC, time, time + 80, time % 1000 == 0, 50));
            if (time % 1000 == 0) {
                // No lambda of ours, which would wait for this class to be ready.
                READER.submit(Thread::onSpinWait).syncUninterruptibly();
            }
        }
    }

    private static final String FIRST = String.valueOf(PlaylistCheck.parse(REPLY.matcher(reply("test.m3u8", "", ""))
                    .results()
                    .findFirst()
                    .orElseThrow()
                    .group(2))
            .sequence());

    @AfterAll
    static void stop() throws Exception {
        HUB.stop();
        HLS.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
        READER.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        TIMER.shutdownNow();
    }

    @Test
    void damagedInputsDoNoHarm() {
        assertThat(reply("test.m3u8?a=b", "bytes=0-", "\"x\"")).contains(".ts?a=b\n");
        assertThat(reply(FIRST + ".ts", "bytes=188-375", "\"x\"")).startsWith("HTTP/1.1 206");
        Damage.inflict(getClass(), "requests", this::requests, 1_000);
    }

    /**
     * The name in the folder of the stream and its query, Range, and If-None-Match, each on a line. A {@code $} in the
     * name is the number of a segment, which is another one in each run.
     */
    @FuzzTest(maxDuration = "60s")
    void requests(byte[] bytes) {
        String[] lines = (new String(bytes, ISO_8859_1) + "\n\n").split("\n", 4);
        String name = lines[0].replaceAll("[\\s\\p{Cntrl}]", "").replace("$", FIRST);
        String reply = reply(name, lines[1], lines[2]);
        assertThat(reply).matches(REPLY);
        var parts = REPLY.matcher(reply);
        if (parts.matches() && reply.contains("mpegurl") && parts.group(1).equals("200")) {
            int query = name.indexOf('?');
            String suffix = query < 0 ? "" : name.substring(query);
            assertThat(PlaylistCheck.parse(parts.group(2)).entries())
                    .hasSizeGreaterThan(2)
                    .allSatisfy(entry ->
                            assertThat(entry.uri()).isIn(entry.number() + ".ts", entry.number() + ".ts" + suffix));
        }
        if (parts.matches() && parts.group(1).equals("206")) {
            assertThat(reply).contains("\r\nContent-Length: " + parts.group(2).length() + "\r\n");
        }
    }

    private static String reply(String name, String range, String etag) {
        String request = "GET /live/test/" + name + " HTTP/1.1\r\nHost: a\r\nRange: " + field(range)
                + "\r\nIf-None-Match: " + field(etag) + "\r\n\r\n";
        try (EmbeddedClient client = new EmbeddedClient(HttpSettings.defaults(), HLS.routes())) {
            return client.send(request);
        } finally {
            QUIET.check();
        }
    }

    private static String field(String text) {
        return text.replaceAll("\\p{Cntrl}", "");
    }
}
