package xiu.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.http.HttpReplies;
import xiu.http.HttpRoute;
import xiu.http.HttpSettings;
import xiu.http.http1.EmbeddedClient;
import xiu.stream.AccessPolicy;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.StreamEvent;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.Viewer;
import xiu.stream.settings.StreamSettings;

/** Who is counted as a viewer, and that nobody is counted whom the audience does not know. */
class HlsAudienceTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, timer);
    private final MediaStream stream = hub.feed(new StreamKey("live", "test"), new SamplePublisher("A", 1)).stream();
    private long now = TimeUnit.DAYS.toNanos(30);

    @AfterEach
    void stop() {
        hub.stop();
        timer.shutdownNow();
    }

    private void ask(HlsAudience audience) {
        ask(audience, new HlsAccess(hub, AccessPolicy.OPEN), "/test");
    }

    private static void ask(HlsAudience audience, HlsAccess access, String target) {
        HttpRoute route = HttpRoute.get("/test", exchange -> {
            audience.enter(exchange, access.sessionOf(exchange));
            exchange.answer(HttpReplies.MISSING);
        });
        EmbeddedClient client = new EmbeddedClient(HttpSettings.defaults(), List.of(route));
        client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\nUser-Agent: player\r\n\r\n");
        client.close();
    }

    /** Many viewers share an address, as behind a router of a provider, and all have the newest browser. */
    @Test
    void whoShowsAnotherCredentialIsAnotherViewerWhereCredentialsAreAskedFor() {
        HlsAccess asking =
                new HlsAccess(hub, request -> CompletableFuture.completedFuture(AccessPolicy.Access.GRANTED));
        HlsAudience audience = new HlsAudience(stream, () -> now);
        ask(audience, asking, "/test?token=a");
        ask(audience, asking, "/test?token=a");
        assertThat(stream.viewerCount()).isEqualTo(1);
        ask(audience, asking, "/test?token=b");
        assertThat(stream.viewerCount()).isEqualTo(2);
        assertThat(stream.viewers())
                .allSatisfy(viewer -> assertThat(viewer.peer().agent()).isEqualTo("player"));
        HlsAudience open = new HlsAudience(stream, () -> now);
        ask(open, new HlsAccess(hub, AccessPolicy.OPEN), "/test?token=a");
        ask(open, new HlsAccess(hub, AccessPolicy.OPEN), "/test?token=b");
        assertThat(open.size()).isEqualTo(1);
    }

    @Test
    void whoStopsAskingIsForgotten() {
        HlsAudience audience = new HlsAudience(stream, () -> now);
        ask(audience);
        assertThat(stream.viewerCount()).isEqualTo(1);
        now += TimeUnit.SECONDS.toNanos(11);
        audience.sweep(2);
        assertThat(audience.size()).isZero();
        assertThat(stream.viewerCount()).isZero();
    }

    /** The sweep runs on another thread than the request: here at each moment at which the request reads the clock. */
    @Test
    void aSweepBetweenTheFirstRequestAndItsJoiningForgetsNobodyHalf() {
        HlsAudience[] audience = {null};
        boolean[] sweeping = {false};
        LongSupplier clock = () -> {
            if (!sweeping[0]) {
                sweeping[0] = true;
                audience[0].sweep(2);
                sweeping[0] = false;
            }
            return now;
        };
        audience[0] = new HlsAudience(stream, clock);
        ask(audience[0]);
        assertThat(audience[0].size()).isEqualTo(1);
        assertThat(stream.viewerCount()).isEqualTo(1);
        now += TimeUnit.HOURS.toNanos(1);
        audience[0].sweep(2);
        assertThat(stream.viewerCount()).as("viewers of nobody").isZero();
    }

    @Test
    void whoIsSweptWhileJoiningLeavesToo() {
        HlsAudience audience = new HlsAudience(stream, () -> now);
        hub.addListener(event -> {
            if (event instanceof StreamEvent.Joined) {
                now += TimeUnit.HOURS.toNanos(1);
                audience.sweep(2);
            }
        });
        ask(audience);
        assertThat(stream.viewerCount()).isEqualTo(audience.size());
    }

    @Test
    void whoIsKickedWhileJoiningLeavesToo() {
        HlsAudience audience = new HlsAudience(stream, () -> now);
        hub.addListener(event -> {
            if (event instanceof StreamEvent.Joined) {
                stream.viewers().forEach((Viewer viewer) -> viewer.kick(EndReason.KICKED));
            }
        });
        ask(audience);
        assertThat(stream.viewerCount()).isZero();
    }
}
