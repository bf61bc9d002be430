package xiu.service.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.EndReason;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.relay.RelayEnd;
import xiu.stream.settings.StreamPattern;
import xiu.stream.settings.StreamSettings;

class PushRelaysTest {
    private final RelayThread thread = new RelayThread();
    private final FakeFarSide far = new FakeFarSide();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, thread.executor());
    private boolean pulledFromTarget;
    private PushRelays push = relay(target("live/*"));

    private static PushSettings target(String match) {
        return new PushSettings(true, Optional.of("localhost"), 1936, Optional.empty(), StreamPattern.parse(match));
    }

    private PushRelays relay(PushSettings... targets) {
        return new PushRelays(
                Live.of(List.of(targets)), far.asSinks(), "me", thread.executor(), (key, target) -> pulledFromTarget);
    }

    @BeforeEach
    void listen() {
        hub.addListener(event -> push.on(event));
    }

    private Publication publish(String app) {
        Publication publication = hub.feed(new StreamKey(app, "test"), FakeFarSide.publisher("rtmp"));
        thread.run();
        return publication;
    }

    private FakeFarSide.Sink latest() {
        return far.sinks.getLast();
    }

    @Test
    void everyStreamGoesToEveryTargetThatSelectsIt() {
        push = relay(target("*"), target("live/*"));
        publish("live");
        publish("other");
        assertThat(far.sinks)
                .extracting(sink -> sink.to.toString())
                .containsExactly(
                        "rtmp://localhost:1936/live/test",
                        "rtmp://localhost:1936/live/test",
                        "rtmp://localhost:1936/other/test");
        assertThat(latest().route).containsExactly("me");
    }

    @Test
    void aTargetIsTriedForAsLongAsTheStreamLives() {
        publish("live");
        for (int attempt = 1; attempt <= 20; attempt++) {
            assertThat(far.sinks).hasSize(attempt);
            latest().events().ended(FakeFarSide.end(RelayEnd.Kind.UNREACHABLE));
            thread.run();
            assertThat(push.relays().getFirst().status().state()).isEqualTo(Relay.State.WAITING);
            thread.advance(30_000);
        }
        latest().events().connected();
        thread.run();
        assertThat(push.relays().getFirst().status().state()).isEqualTo(Relay.State.RUNNING);
        assertThat(push.relays().getFirst().attempts()).isEqualTo(21);
    }

    /** Targets whose name is what the publisher appended to its own: without that there is none. */
    private PushRelays named() {
        UrlTemplate template = UrlTemplate.parse("rtmp://h/live/?{query}");
        return new PushRelays(
                Live.of(List.of(
                        new PushSettings(true, Optional.empty(), 1935, Optional.of(template), StreamPattern.ALL))),
                (key, to, route) -> {
                    if (to.getRawQuery() == null) {
                        throw new IllegalArgumentException("URL: no app or no name");
                    }
                    return far.asSinks().open(key, to, route);
                },
                "me",
                thread.executor(),
                (key, target) -> false);
    }

    private static Publisher asking(String query) {
        Publisher plain = FakeFarSide.publisher("rtmp");
        return new Publisher() {
            @Override
            public Peer peer() {
                return plain.peer();
            }

            @Override
            public String query() {
                return query;
            }

            @Override
            public void onRevoked(EndReason reason) {}
        };
    }

    @Test
    void whatStopsForGoodIsAWarning() {
        ListAppender<ILoggingEvent> written = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(Relay.class);
        written.start();
        log.addAppender(written);
        try {
            push = named();
            publish("live");
            push = relay(target("live/*"));
            publish("live/loop");
            latest().events().ended(FakeFarSide.end(RelayEnd.Kind.LOOP));
            thread.run();
        } finally {
            log.detachAppender(written);
        }
        assertThat(written.list)
                .filteredOn(line -> line.getFormattedMessage().startsWith("event=relay_stopped")
                        || line.getFormattedMessage().startsWith("event=relay_loop"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.getLevel()).isEqualTo(Level.WARN));
    }

    @Test
    void aPublisherWithWordsThatFitStartsWhatAnotherHadStopped() {
        push = named();
        Publication first = publish("live");
        assertThat(far.sinks).isEmpty();
        assertThat(push.relays().getFirst().status().state()).isEqualTo(Relay.State.STOPPED);
        first.end(EndReason.CONNECTION_LOST);
        hub.feed(new StreamKey("live", "test"), asking("key=y"));
        thread.run();
        assertThat(latest().to).hasToString("rtmp://h/live/?key=y");
        assertThat(push.relays().getFirst().status().state()).isEqualTo(Relay.State.CONNECTING);
    }

    @Test
    void oneTargetDoesNotHinderAnother() {
        push = relay(target("*"), target("live/*"));
        publish("live");
        far.sinks.get(0).events().ended(FakeFarSide.end(RelayEnd.Kind.REFUSED));
        far.sinks.get(1).events().connected();
        thread.run();
        assertThat(push.relays())
                .extracting(relay -> relay.status().state())
                .containsExactly(Relay.State.WAITING, Relay.State.RUNNING);
    }

    @Test
    void theEndOfTheStreamEndsItsRelaysAndTheirRetries() {
        Publication publication = publish("live");
        latest().events().ended(FakeFarSide.end(RelayEnd.Kind.UNREACHABLE));
        thread.run();
        publication.end(EndReason.GOODBYE);
        thread.advance(60_000);
        assertThat(far.sinks).hasSize(1);
        assertThat(push.relays()).isEmpty();
    }

    @Test
    void aLoopIsNotTriedAgain() {
        publish("live");
        latest().events().ended(FakeFarSide.end(RelayEnd.Kind.LOOP));
        thread.advance(60_000);
        assertThat(far.sinks).hasSize(1);
        assertThat(push.relays().getFirst().status().state()).isEqualTo(Relay.State.STOPPED);
    }

    @Test
    void whatIsPulledFromTheTargetIsNotPushedBack() {
        pulledFromTarget = true;
        hub.feed(new StreamKey("live", "test"), FakeFarSide.publisher(Peer.RELAY_PULL));
        thread.run();
        assertThat(far.sinks).isEmpty();
        // Who publishes here takes the pulled stream over, and that is the target's to have.
        publish("live");
        assertThat(far.sinks).hasSize(1);
    }

    @Test
    void anotherPublisherMayComeAnotherWay() {
        Publication first = publish("live");
        latest().events().ended(FakeFarSide.end(RelayEnd.Kind.LOOP));
        thread.run();
        first.end(EndReason.CONNECTION_LOST);
        Publication second = hub.feed(new StreamKey("live", "test"), FakeFarSide.publisher("rtmp", "other"));
        thread.run();
        assertThat(far.sinks).hasSize(2);
        assertThat(latest().route).containsExactly("other", "me");
        latest().events().connected();
        thread.run();
        second.end(EndReason.CONNECTION_LOST);
        hub.feed(new StreamKey("live", "test"), FakeFarSide.publisher("rtmp", "other", "third"));
        thread.run();
        assertThat(far.sinks.get(1).stopped).isTrue();
        assertThat(latest().route).containsExactly("other", "third", "me");
    }

    @Test
    void aStreamThatEndsBeforeTheTargetAnsweredIsNotSent() {
        Publication publication = publish("live");
        publication.end(EndReason.GOODBYE);
        thread.run();
        assertThat(latest().stopped).isTrue();
    }

    @Test
    void aRepublishWithinTheGraceKeepsTheRelay() {
        Publication publication = publish("live");
        latest().events().connected();
        publication.end(EndReason.CONNECTION_LOST);
        publish("live");
        assertThat(far.sinks).hasSize(1);
        assertThat(latest().stopped).isFalse();
    }

    @Test
    void stoppingStopsTheSinks() {
        publish("live");
        push.stop();
        thread.run();
        assertThat(latest().stopped).isTrue();
        publish("live2");
        assertThat(far.sinks).hasSize(1);
    }
}
