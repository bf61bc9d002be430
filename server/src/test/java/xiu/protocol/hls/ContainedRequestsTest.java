package xiu.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.http.EmbeddedClient;
import xiu.http.HttpSettings;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.EndReason;
import xiu.stream.Peer;
import xiu.stream.Publisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;

/** Every request is answered, whatever policies and streams do. */
class ContainedRequestsTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final EmbeddedChannel timer = new EmbeddedChannel();
    private StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, timer.eventLoop());

    private static final class Encoder implements Publisher {
        @Override
        public Peer peer() {
            return new Peer("p", "rtmp", InetAddress.getLoopbackAddress(), 1);
        }

        @Override
        public void onRevoked(EndReason reason) {}
    }

    @AfterEach
    void stop() {
        hub.stop();
        timer.finishAndReleaseAll();
    }

    private EmbeddedClient client(AccessPolicy policy) {
        HlsRoutes routes = new HlsRoutes(Live.of(HlsSettings.defaults()), hub, policy, key -> null, stream -> {
            throw new StackOverflowError("planted");
        });
        return new EmbeddedClient(HttpSettings.defaults(), routes.routes());
    }

    private static String get(EmbeddedClient client, String path) {
        return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void aStreamThatCannotBeAttachedIsA500() {
        hub.feed(KEY, new Encoder());
        try (EmbeddedClient client = client(AccessPolicy.OPEN)) {
            assertThat(get(client, "/live/test/test.m3u8")).startsWith("HTTP/1.1 500");
        }
    }

    @Test
    void aPolicyThatNeverAnswersHasSaidNo() {
        try (EmbeddedClient client = client(request -> new CompletableFuture<>())) {
            assertThat(get(client, "/live/test/1.ts")).isEmpty();
            client.pass(Duration.ofSeconds(11));
            assertThat(client.received()).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void aPolicyThatThrowsIsA500() {
        AccessPolicy faulty = request -> {
            throw new StackOverflowError("planted");
        };
        try (EmbeddedClient client = client(faulty)) {
            assertThat(get(client, "/live/test/1.ts")).startsWith("HTTP/1.1 500");
        }
    }
}
