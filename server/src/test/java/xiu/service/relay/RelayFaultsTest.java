package xiu.service.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessRequest;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.relay.StreamSink;
import xiu.stream.relay.StreamSource;
import xiu.stream.settings.StreamPattern;
import xiu.stream.settings.StreamSettings;

/** What one relay throws is neither that of the others, nor does it keep the server from stopping. */
class RelayFaultsTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final RelayThread thread = new RelayThread();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, thread.executor());
    private final List<String> heard = new ArrayList<>();
    private boolean repaired;

    private static PushSettings target(int port) {
        return new PushSettings(true, Optional.of("localhost"), port, Optional.empty(), StreamPattern.parse("*"));
    }

    private static PullSettings upstream(int port) {
        return new PullSettings(
                true,
                Optional.of("localhost"),
                port,
                Optional.empty(),
                StreamPattern.parse("*"),
                Duration.ofSeconds(10),
                Duration.ZERO);
    }

    /** A sink that throws whenever it is asked for something. */
    private final class FaultySink implements StreamSink {
        @Override
        public void start(MediaStream of, Events told) {
            heard.add("start");
            if (!repaired) {
                throw new StackOverflowError("planted");
            }
        }

        @Override
        public void stop() {
            heard.add("stop");
            throw new StackOverflowError("planted");
        }
    }

    private PushRelays push(FakeFarSide good) {
        PushRelays push = new PushRelays(
                Live.of(List.of(target(1), target(2))),
                (key, to, route) ->
                        to.getPort() == 1 ? new FaultySink() : good.asSinks().open(key, to, route),
                "me",
                thread.executor(),
                (key, target) -> false);
        hub.addListener(push);
        return push;
    }

    @Test
    void aTargetThatThrowsIsTriedAgainAndTheOthersAreServed() {
        FakeFarSide good = new FakeFarSide();
        push(good);
        hub.feed(KEY, FakeFarSide.publisher("rtmp"));
        thread.run();
        assertThat(good.sinks).hasSize(1);
        repaired = true;
        thread.advance(30_000);
        assertThat(heard).containsExactly("start", "start");
    }

    @Test
    void aTargetThatThrowsAtTheEndDoesNotKeepTheServer() {
        FakeFarSide good = new FakeFarSide();
        repaired = true;
        PushRelays push = push(good);
        Publication publication = hub.feed(KEY, FakeFarSide.publisher("rtmp"));
        thread.run();
        CompletableFuture<Void> stopped = push.stop().toCompletableFuture();
        thread.run();
        assertThat(stopped).isCompleted();
        assertThat(heard).containsExactly("start", "stop");
        assertThat(good.sinks.getFirst().stopped).isTrue();
        publication.end(EndReason.GOODBYE);
    }

    @Test
    void anUpstreamThatThrowsIsOneThatDoesNotAnswer() {
        FakeFarSide good = new FakeFarSide();
        StreamSource.Factory factory = (key, from, route) -> {
            if (from.getPort() == 1) {
                heard.add("open");
                throw new StackOverflowError("planted");
            }
            return good.open(key, from, route);
        };
        PullRelays pull = new PullRelays(
                Live.of(List.of(upstream(1), upstream(2))), factory, hub, "me", thread.executor(), thread::nanoTime);
        pull.start();
        CompletableFuture<MediaStream> player = hub.play(new AccessRequest(
                        AccessRequest.Action.PLAY,
                        KEY,
                        new Peer("v", "rtmp", InetAddress.getLoopbackAddress(), 2),
                        AccessRequest.Credentials.NONE))
                .toCompletableFuture();
        thread.run();
        thread.advance(1_000);
        assertThat(heard).containsExactly("open");
        good.sources.getFirst().connected();
        thread.run();
        assertThat(player).isCompleted();
        CompletableFuture<Void> stopped = pull.stop().toCompletableFuture();
        thread.run();
        assertThat(stopped).isCompleted();
    }
}
