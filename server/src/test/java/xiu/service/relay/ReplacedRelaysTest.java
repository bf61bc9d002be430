package xiu.service.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessRequest;
import xiu.stream.AccessRequest.Action;
import xiu.stream.AccessRequest.Credentials;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.relay.RelayEnd;
import xiu.stream.settings.StreamPattern;
import xiu.stream.settings.StreamSettings;

/** Targets and upstreams that come, go and change while streams live. */
class ReplacedRelaysTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final RelayThread thread = new RelayThread();
    private final FakeFarSide far = new FakeFarSide();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, thread.executor());
    private final Live<List<PushSettings>> targets = Live.of(List.of(target("a", "*"), target("b", "*")));
    private final PushRelays push =
            new PushRelays(targets, far.asSinks(), "me", thread.executor(), (key, target) -> false);
    private final Live<List<PullSettings>> upstreams = Live.of(List.of());
    private final PullRelays pull = new PullRelays(upstreams, far, hub, "me", thread.executor(), thread::nanoTime);

    private static PushSettings target(String host, String match) {
        return new PushSettings(true, Optional.of(host), 1935, Optional.empty(), StreamPattern.parse(match));
    }

    private static PullSettings upstream(String host, String match, int linger) {
        return new PullSettings(
                true,
                Optional.of(host),
                1935,
                Optional.empty(),
                StreamPattern.parse(match),
                Duration.ofSeconds(10),
                Duration.ofSeconds(linger));
    }

    /** Both targets get it. */
    private void publish() {
        hub.addListener(push);
        hub.feed(KEY, FakeFarSide.publisher("rtmp"));
        thread.run();
        far.sinks.forEach(sink -> sink.events().connected());
        thread.run();
        assertThat(far.sinks).extracting(sink -> sink.to.getHost()).containsExactly("a", "b");
    }

    private void targets(PushSettings... next) {
        targets.set(List.of(next));
        thread.run();
    }

    private void upstreams(PullSettings... next) {
        upstreams.set(List.of(next));
        thread.run();
    }

    private CompletableFuture<MediaStream> play() {
        Peer peer = new Peer("v", "rtmp", InetAddress.getLoopbackAddress(), 2);
        CompletableFuture<MediaStream> player = hub.play(new AccessRequest(Action.PLAY, KEY, peer, Credentials.NONE))
                .toCompletableFuture();
        thread.run();
        return player;
    }

    /** Somebody watches what comes from here. */
    private FakeFarSide.Source pulled(String host) {
        pull.start();
        upstreams(upstream(host, "*", 10));
        CompletableFuture<MediaStream> player = play();
        FakeFarSide.Source source = far.sources.getFirst();
        assertThat(source.from).hasHost(host);
        source.connected();
        thread.run();
        player.join().join(new Peer("v", "rtmp", InetAddress.getLoopbackAddress(), 2), reason -> {});
        return source;
    }

    @Test
    void aTargetThatGoesLeavesTheOthersAlone() {
        publish();
        targets(target("b", "*"));
        assertThat(far.sinks).extracting(sink -> sink.stopped).containsExactly(true, false);
        assertThat(push.relays()).hasSize(1);
        thread.advance(60_000);
        assertThat(far.sinks).hasSize(2);
    }

    @Test
    void aTargetThatIsSwitchedOffGoes() {
        publish();
        PushSettings off = new PushSettings(false, Optional.of("a"), 1935, Optional.empty(), StreamPattern.parse("*"));
        targets(off, target("b", "*"));
        assertThat(far.sinks).extracting(sink -> sink.stopped).containsExactly(true, false);
    }

    @Test
    void aTargetThatComesGetsTheStreamsThatLive() {
        publish();
        targets(target("a", "*"), target("c", "other/*"), target("d", "live/*"), target("b", "*"));
        assertThat(far.sinks).extracting(sink -> sink.to.getHost()).containsExactly("a", "b", "d");
        assertThat(far.sinks).noneMatch(sink -> sink.stopped);
    }

    @Test
    void aTargetThatGetsOtherStreamsKeepsThoseThatItGetsStill() {
        publish();
        targets(target("a", "live/*"), target("b", "other/*"));
        assertThat(far.sinks).extracting(sink -> sink.stopped).containsExactly(false, true);
        assertThat(far.sinks).hasSize(2);
        assertThat(push.relays()).hasSize(1);
    }

    @Test
    void aTargetThatGoesIsNotTriedAgain() {
        publish();
        far.sinks.getFirst().events().ended(FakeFarSide.end(RelayEnd.Kind.UNREACHABLE));
        thread.run();
        targets(target("b", "*"));
        thread.advance(60_000);
        assertThat(far.sinks).hasSize(2);
    }

    @Test
    void anUpstreamThatComesIsAskedAlthoughThereWasNone() {
        pull.start();
        assertThat(play()).isCompletedExceptionally();
        upstreams(upstream("a", "*", 10));
        play();
        assertThat(far.sources).hasSize(1);
    }

    @Test
    void whatComesFromAnUpstreamThatStaysIsNotTouched() {
        FakeFarSide.Source source = pulled("a");
        upstreams(upstream("b", "*", 10), upstream("a", "live/*", 3));
        assertThat(source.stopped).isFalse();
        assertThat(far.sources).hasSize(1);
        assertThat(pull.relays()).hasSize(1);
    }

    @Test
    void whatComesFromAnUpstreamThatGoesEnds() {
        FakeFarSide.Source source = pulled("a");
        upstreams(upstream("b", "*", 10));
        assertThat(source.stopped).isTrue();
        assertThat(pull.relays()).isEmpty();
        upstreams(upstream("b", "*", 10), upstream("c", "*", 10));
        assertThat(far.sources).hasSize(1);
    }

    @Test
    void whatIsSoughtAtAnUpstreamThatGoesIsSoughtElsewhere() {
        pull.start();
        upstreams(upstream("a", "*", 10));
        CompletableFuture<MediaStream> player = play();
        upstreams(upstream("b", "*", 10));
        assertThat(far.sources.getFirst().stopped).isTrue();
        assertThat(far.sources.getLast().from).hasHost("b");
        assertThat(player).isNotDone();
        far.sources.getLast().connected();
        thread.run();
        assertThat(player.join().key()).isEqualTo(KEY);
    }

    @Test
    void whatIsSoughtAtTheLastUpstreamIsNotThere() {
        pull.start();
        upstreams(upstream("a", "*", 10));
        CompletableFuture<MediaStream> player = play();
        upstreams();
        assertThat(player).isCompletedExceptionally();
    }

    @Test
    void aNewLingerCountsForWhatIsPulledAlready() {
        FakeFarSide.Source source = pulled("a");
        upstreams(upstream("a", "*", 1));
        hub.streams().forEach(stream -> stream.viewers().forEach(viewer -> viewer.leave(EndReason.GOODBYE)));
        thread.advance(2_000);
        assertThat(source.stopped).isTrue();
    }
}
