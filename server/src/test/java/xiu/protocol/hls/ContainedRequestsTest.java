package xiu.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.http.HttpSettings;
import xiu.http.http1.EmbeddedClient;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessRequest;
import xiu.stream.EndReason;
import xiu.stream.Peer;
import xiu.stream.Publisher;
import xiu.stream.StreamException;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;

/** Every request is answered, whatever policies and streams do. */
class ContainedRequestsTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final EmbeddedChannel timer = new EmbeddedChannel();
    private StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, timer.eventLoop());

    private HlsAccess access = new HlsAccess(hub, AccessPolicy.OPEN);

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
        hub.stop();
        hub = new StreamHub(StreamSettings.defaults(), policy, timer.eventLoop());
        access = new HlsAccess(hub, policy);
        HlsRoutes routes = new HlsRoutes(Live.of(HlsSettings.defaults()), hub, access, key -> null, stream -> {
            throw new StackOverflowError("planted");
        });
        return new EmbeddedClient(HttpSettings.defaults(), routes.routes());
    }

    private static String get(EmbeddedClient client, String path) {
        return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void aStreamThatCannotBeAttachedIsA500() {
        try (EmbeddedClient client = client(AccessPolicy.OPEN)) {
            hub.feed(KEY, new Encoder());
            assertThat(get(client, "/live/test/test.m3u8")).startsWith("HTTP/1.1 500");
        }
    }

    @Test
    void aPolicyThatNeverAnswersHasSaidNo() {
        try (EmbeddedClient client = client(request -> new CompletableFuture<>())) {
            assertThat(get(client, "/live/test/1.ts")).isEmpty();
            timer.advanceTimeBy(11, TimeUnit.SECONDS);
            timer.runScheduledPendingTasks();
            client.pass(Duration.ZERO);
            assertThat(client.received()).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void aPolicyThatThrowsHasSaidNo() {
        AccessPolicy faulty = request -> {
            throw new StackOverflowError("planted");
        };
        try (EmbeddedClient client = client(faulty)) {
            assertThat(get(client, "/live/test/1.ts")).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void aSessionIsDecidedOnceAndNotForEachSegment() {
        List<AccessRequest> asked = new ArrayList<>();
        AccessPolicy counting = request -> {
            asked.add(request);
            boolean wrong = request.credentials().query().contains("wrong");
            return CompletableFuture.completedFuture(wrong ? AccessPolicy.Access.DENIED : AccessPolicy.Access.GRANTED);
        };
        try (EmbeddedClient client = client(counting)) {
            for (int number = 1; number <= 3; number++) {
                assertThat(get(client, "/live/test/" + number + ".ts?token=a")).startsWith("HTTP/1.1 404");
                assertThat(get(client, "/live/test/test.m3u8?token=a")).startsWith("HTTP/1.1 404");
            }
            assertThat(asked).hasSize(1);
            assertThat(get(client, "/live/test/4.ts?token=b")).startsWith("HTTP/1.1 404");
            assertThat(get(client, "/live/other/4.ts?token=a")).startsWith("HTTP/1.1 404");
            assertThat(asked).hasSize(3);
            assertThat(get(client, "/live/test/5.ts?token=wrong")).startsWith("HTTP/1.1 403");
            assertThat(get(client, "/live/test/5.ts?token=wrong")).startsWith("HTTP/1.1 403");
            assertThat(asked).hasSize(5);
            access.decideAgain();
            assertThat(get(client, "/live/test/6.ts?token=a")).startsWith("HTTP/1.1 404");
            assertThat(asked).hasSize(6);
        }
    }

    @Test
    void aDenialIsToldInTheWordsOfHttp() {
        try (EmbeddedClient client = client(request -> CompletableFuture.completedFuture(
                new AccessPolicy.Denied(StreamException.Reason.FORBIDDEN, "not from here")))) {
            assertThat(get(client, "/live/test/1.ts")).startsWith("HTTP/1.1 403");
            assertThat(get(client, "/live/test/test.m3u8")).startsWith("HTTP/1.1 403");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live/test/1.ts", "/live/test/test.m3u8"})
    void aClientThatLeavesCancelsTheDecision(String path) {
        CompletableFuture<AccessPolicy.Access> decision = new CompletableFuture<>();
        try (EmbeddedClient client = client(request -> decision)) {
            assertThat(get(client, path)).isEmpty();
            assertThat(decision).isNotDone();
        }
        assertThat(decision).isCancelled();
    }
}
