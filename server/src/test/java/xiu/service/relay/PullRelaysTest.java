package xiu.service.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessRequest;
import xiu.stream.AccessRequest.Action;
import xiu.stream.AccessRequest.Credentials;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.StreamException;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.Viewer;
import xiu.stream.relay.RelayEnd;
import xiu.stream.settings.StreamPattern;
import xiu.stream.settings.StreamSettings;

class PullRelaysTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final RelayThread thread = new RelayThread();
    private final FakeFarSide far = new FakeFarSide();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, thread.executor());
    private @Nullable PullRelays before;
    private PullRelays pull = relay(upstream(1935));

    private static PullSettings upstream(int port) {
        return upstream(port, Duration.ZERO);
    }

    private static PullSettings upstream(int port, Duration linger) {
        return new PullSettings(
                true,
                Optional.of("localhost"),
                port,
                Optional.empty(),
                StreamPattern.parse("live/*"),
                Duration.ofSeconds(10),
                linger);
    }

    private PullRelays relay(PullSettings... upstreams) {
        if (before != null) {
            before.stop();
        }
        PullRelays relay =
                new PullRelays(Live.of(List.of(upstreams)), far, hub, "me", thread.executor(), thread::nanoTime);
        relay.start();
        before = relay;
        return relay;
    }

    private CompletableFuture<MediaStream> play(StreamKey key, String... route) {
        Peer peer = new Peer("v", "rtmp", InetAddress.getLoopbackAddress(), 2);
        CompletableFuture<MediaStream> player = hub.play(
                        new AccessRequest(Action.PLAY, key, peer, Credentials.NONE, List.of(route)))
                .toCompletableFuture();
        thread.run();
        return player;
    }

    private Viewer watch(MediaStream stream, String protocol) {
        return stream.join(new Peer("v", protocol, InetAddress.getLoopbackAddress(), 2), reason -> {});
    }

    private static void assertNotFound(CompletableFuture<MediaStream> player) {
        assertThat(player).isCompletedExceptionally();
        assertThatThrownBy(player::join)
                .hasCauseInstanceOf(StreamException.class)
                .cause()
                .extracting(e -> ((StreamException) e).reason())
                .isEqualTo(StreamException.Reason.NOT_FOUND);
    }

    @Test
    void allPlayersShareOneUpstreamConnection() {
        List<CompletableFuture<MediaStream>> players = List.of(play(KEY), play(KEY), play(KEY));
        assertThat(far.sources).hasSize(1);
        assertThat(far.sources.getFirst().from.toString()).isEqualTo("rtmp://localhost:1935/live/test");
        assertThat(far.sources.getFirst().route).containsExactly("me");
        MediaStream stream = far.sources.getFirst().connected().stream();
        thread.run();
        assertThat(players).allSatisfy(player -> assertThat(player.join()).isSameAs(stream));
        assertThat(play(KEY).join()).isSameAs(stream);
        assertThat(far.sources).hasSize(1);
    }

    @Test
    void itEndsWhenTheLastViewerHasLeft() {
        CompletableFuture<MediaStream> player = play(KEY);
        far.sources.getFirst().connected();
        thread.run();
        Viewer viewer = watch(player.join(), "http-flv");
        thread.advance(5_000);
        assertThat(far.sources.getFirst().stopped).isFalse();
        viewer.leave(EndReason.GOODBYE);
        thread.advance(1_000);
        assertThat(far.sources.getFirst().stopped).isTrue();
        assertThat(pull.relays()).isEmpty();
    }

    @Test
    void itStaysForItsLingerAndForWhoeverComesInTheMeantime() {
        pull = relay(upstream(1, Duration.ofSeconds(10)));
        CompletableFuture<MediaStream> player = play(KEY);
        far.sources.getFirst().connected();
        thread.run();
        watch(player.join(), "rtmp").leave(EndReason.GOODBYE);
        thread.advance(9_000);
        Viewer late = watch(play(KEY).join(), "rtmp");
        thread.advance(9_000);
        late.leave(EndReason.GOODBYE);
        thread.advance(9_000);
        assertThat(far.sources.getFirst().stopped).isFalse();
        thread.advance(2_000);
        assertThat(far.sources.getFirst().stopped).isTrue();
        assertThat(far.sources).hasSize(1);
    }

    @Test
    void aRelayOfOursIsNoViewer() {
        CompletableFuture<MediaStream> player = play(KEY);
        far.sources.getFirst().connected();
        thread.run();
        watch(player.join(), Peer.RELAY_PUSH);
        thread.advance(1_000);
        assertThat(far.sources.getFirst().stopped).isTrue();
    }

    private CompletableFuture<MediaStream> play(int name, String address) throws UnknownHostException {
        Peer peer = new Peer("v", "rtmp", InetAddress.getByName(address), 2);
        StreamKey key = new StreamKey("live", "random-" + name);
        CompletableFuture<MediaStream> player = hub.play(new AccessRequest(Action.PLAY, key, peer, Credentials.NONE))
                .toCompletableFuture();
        thread.run();
        return player;
    }

    /** Nobody may have an upstream dialled thousands of times by asking for names that nobody has. */
    @Test
    void randomNamesDialTheUpstreamASmallNumberOfTimesAndHinderNobody() throws UnknownHostException {
        for (int i = 0; i < 2_008; i++) {
            play(i, "2001:db8::" + Integer.toHexString(i + 1));
        }
        assertThat(far.sources).hasSizeLessThan(100);
        assertThat(pull.relays()).hasSizeLessThan(1_000);
        CompletableFuture<MediaStream> honest = play(KEY);
        assertThat(far.sources.getLast().from.toString()).endsWith("/live/test");
        far.sources.getLast().connected();
        thread.run();
        assertThat(honest).isCompleted();
    }

    @Test
    void whatIsNotFoundMakesRoomForTheNextAtABoundedRate() throws UnknownHostException {
        for (int i = 0; i < 400; i++) {
            play(i, "192.0.2.1");
        }
        for (int told = 0; told < far.sources.size(); told++) {
            far.sources.get(told).events().ended(FakeFarSide.end(RelayEnd.Kind.NOT_FOUND));
            thread.run();
        }
        assertThat(far.sources).hasSizeLessThan(100);
        for (int i = 0; i < 500; i++) {
            thread.advance(1);
        }
        assertThat(far.sources).hasSizeGreaterThan(90);
    }

    @Test
    void whatIsPublishedHereBeforeItsTurnIsNotDialled() throws UnknownHostException {
        for (int i = 0; i < 100; i++) {
            play(i, "192.0.2.1");
        }
        assertThat(far.sources).hasSize(DialTurns.OF_ONE_ASKER);
        hub.feed(new StreamKey("live", "random-99"), FakeFarSide.publisher("rtmp"));
        far.sources.forEach(source -> source.events().ended(FakeFarSide.end(RelayEnd.Kind.NOT_FOUND)));
        for (int i = 0; i < 2_000; i++) {
            thread.advance(1);
            List.copyOf(far.sources).forEach(source -> source.events().ended(FakeFarSide.end(RelayEnd.Kind.NOT_FOUND)));
        }
        assertThat(far.sources)
                .hasSize(99)
                .noneMatch(source -> source.from.toString().endsWith("random-99"));
    }

    @Test
    void unknownAtTheUpstreamIsToldAndRemembered() {
        CompletableFuture<MediaStream> player = play(KEY);
        far.sources.getFirst().events().ended(FakeFarSide.end(RelayEnd.Kind.NOT_FOUND));
        thread.run();
        assertNotFound(player);
        assertNotFound(play(KEY));
        thread.advance(1_900);
        assertNotFound(play(KEY));
        assertThat(far.sources).hasSize(1);
        thread.advance(200);
        assertThat(play(KEY)).isNotDone();
        assertThat(far.sources).hasSize(2);
    }

    @Test
    void aPlayerThatLeavesIsNotWaitedForAndTheSearchEnds() {
        CompletableFuture<MediaStream> player = play(KEY);
        assertThat(far.sources).hasSize(1);
        player.cancel(false);
        thread.advance(1_000);
        assertThat(pull.relays()).isEmpty();
    }

    @Test
    void upstreamsAreTriedInOrderAndTheFailedOneLast() {
        pull = relay(upstream(1), upstream(2));
        play(KEY);
        far.sources.get(0).events().ended(FakeFarSide.end(RelayEnd.Kind.UNREACHABLE));
        thread.run();
        assertThat(far.sources.get(1).from.getPort()).isEqualTo(2);
        play(new StreamKey("live", "second"));
        assertThat(far.sources.get(2).from.getPort()).isEqualTo(2);
        // Half a minute later it is first again.
        thread.advance(30_000);
        play(new StreamKey("live", "third"));
        assertThat(far.sources.getLast().from.getPort()).isEqualTo(1);
    }

    @Test
    void aDroppedUpstreamIsSoughtAgainWhilePlayersStay() {
        CompletableFuture<MediaStream> player = play(KEY);
        Publication publication = far.sources.getFirst().connected();
        thread.run();
        watch(player.join(), "rtmp");
        publication.end(EndReason.CONNECTION_LOST);
        far.sources.getFirst().events().ended(FakeFarSide.end(RelayEnd.Kind.UNREACHABLE));
        thread.run();
        thread.advance(1_000);
        assertThat(far.sources).hasSize(2);
        assertThat(far.sources.get(1).connected().stream()).isSameAs(player.join());
    }

    @Test
    void oneThatHadItAndNowRefusesEndsThePull() {
        CompletableFuture<MediaStream> player = play(KEY);
        Publication publication = far.sources.getFirst().connected();
        thread.run();
        watch(player.join(), "rtmp");
        Relay relay = pull.relays().getFirst();
        publication.end(EndReason.GOODBYE);
        far.sources.getFirst().events().ended(new RelayEnd(RelayEnd.Kind.REFUSED, "too much"));
        thread.run();
        assertThat(pull.relays()).isEmpty();
        assertThat(relay.status().state()).isEqualTo(Relay.State.STOPPED);
        assertThat(relay.status().lastError()).isEqualTo("too much");
        assertNotFound(play(KEY));
    }

    @Test
    void theEndOfTheStreamUpstreamEndsThePull() {
        CompletableFuture<MediaStream> player = play(KEY);
        Publication publication = far.sources.getFirst().connected();
        thread.run();
        watch(player.join(), "rtmp");
        publication.end(EndReason.GOODBYE);
        far.sources.getFirst().events().ended(FakeFarSide.end(RelayEnd.Kind.STREAM_ENDED));
        thread.advance(1_000);
        assertThat(pull.relays()).isEmpty();
        assertThat(hub.find(KEY)).isNull();
    }

    @Test
    void aWishThatComesRoundAgainIsRefused() {
        assertNotFound(play(KEY, "other", "me"));
        assertThat(far.sources).isEmpty();
    }

    @Test
    void theRouteGrowsByThisNode() {
        play(KEY, "other");
        assertThat(far.sources.getFirst().route).containsExactly("other", "me");
    }

    @Test
    void neitherOfTwoThatAskEachOtherWaits() {
        CompletableFuture<MediaStream> player = play(KEY);
        CompletableFuture<MediaStream> before = play(KEY, "upstream");
        far.sources.getFirst().events().reached("upstream");
        thread.run();
        assertNotFound(before);
        assertNotFound(play(KEY, "upstream"));
        assertThat(player).isNotDone();
    }

    @Test
    void whoeverWaitsIsServedByAPublisherHere() {
        CompletableFuture<MediaStream> player = play(KEY);
        far.sources.getFirst().events().ended(FakeFarSide.end(RelayEnd.Kind.UNREACHABLE));
        thread.run();
        MediaStream here = hub.feed(KEY, FakeFarSide.publisher("rtmp")).stream();
        thread.run();
        assertThat(player.join()).isSameAs(here);
        assertThat(pull.relays()).isEmpty();
    }

    @Test
    void oneUpstreamThatAnswersKnowsBetterThanOneThatDoesNot() {
        pull = relay(upstream(1), upstream(2));
        CompletableFuture<MediaStream> player = play(KEY);
        far.sources.get(0).events().ended(FakeFarSide.end(RelayEnd.Kind.NOT_FOUND));
        thread.run();
        far.sources.get(1).events().ended(FakeFarSide.end(RelayEnd.Kind.UNREACHABLE));
        thread.run();
        assertNotFound(player);
    }

    @Test
    void itsAttemptsAreCountedOverAllUpstreams() {
        pull = relay(upstream(1), upstream(2));
        play(KEY);
        far.sources.get(0).events().ended(FakeFarSide.end(RelayEnd.Kind.UNREACHABLE));
        thread.run();
        Relay relay = pull.relays().getFirst();
        assertThat(relay.attempts()).isEqualTo(2);
        assertThat(relay.remote()).isEqualTo("rtmp://localhost:2/{app}/{stream}");
    }

    @Test
    void streamsThatNoUpstreamServesAreNotSought() {
        assertNotFound(play(new StreamKey("other", "test")));
        assertThat(far.sources).isEmpty();
    }

    @Test
    void aPublisherHereTakesThePulledNameOver() {
        play(KEY);
        Publication pulled = far.sources.getFirst().connected();
        thread.run();
        Publication local = hub.feed(KEY, FakeFarSide.publisher("rtmp"));
        assertThat(local.stream()).isSameAs(pulled.stream());
        assertThatThrownBy(() -> hub.feed(KEY, FakeFarSide.publisher(Peer.RELAY_PULL)))
                .isInstanceOf(StreamException.class);
    }

    @Test
    void stoppingTellsWaitersAndSources() {
        CompletableFuture<MediaStream> player = play(KEY);
        pull.stop();
        thread.run();
        assertNotFound(player);
        assertThat(far.sources.getFirst().stopped).isTrue();
    }
}
