package xiu.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static xiu.stream.SampleStreams.peer;
import static xiu.stream.SampleStreams.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import xiu.media.SampleMedia;
import xiu.stream.AccessPolicy.Access;
import xiu.stream.AccessRequest.Action;
import xiu.stream.AccessRequest.Credentials;
import xiu.stream.SampleStreams.Changes;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.StreamException.Reason;
import xiu.stream.settings.StreamSettings.OnConflict;

class StreamHubTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final ManualTimer timer = new ManualTimer();
    private final List<String> events = new ArrayList<>();
    private AccessPolicy policy = AccessPolicy.OPEN;
    private StreamHub hub = hub(changes -> changes);

    @AfterEach
    void stop() {
        hub.stop();
        assertThat(hub.streams()).isEmpty();
        assertThat(timer.waiting()).isZero();
        timer.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"AUTO, 1, true", "AUTO, 2, false", "TAKEOVER, 2, true", "REJECT, 1, false"})
    void twoPublishersOfOneName(OnConflict rule, int host, boolean newcomerWins) {
        hub = hub(changes -> changes.on(rule));
        SamplePublisher first = new SamplePublisher("A", 1);
        SamplePublisher second = new SamplePublisher("B", host);
        Publication held = hub.feed(KEY, first);
        if (newcomerWins) {
            Publication taken = hub.feed(KEY, second);
            assertThat(first.revoked()).containsExactly(EndReason.TAKEN_OVER);
            held.end(EndReason.GOODBYE); // too late to mean anything
            assertThat(Objects.requireNonNull(hub.find(KEY)).publisher()).isSameAs(second);
            assertThat(taken.stream()).isSameAs(held.stream());
            assertThat(events).containsExactly("Created", "Published A", "Unpublished A TAKEN_OVER", "Published B");
        } else {
            StreamException refused = catchThrowableOfType(StreamException.class, () -> hub.feed(KEY, second));
            assertThat(refused.reason()).isEqualTo(Reason.BUSY);
            assertThat(first.revoked()).isEmpty();
        }
    }

    @Test
    void provenCredentialsTakeOverFromAnyAddress() {
        policy = request -> CompletableFuture.completedFuture(Access.PROVEN);
        hub = hub(changes -> changes);
        hub.feed(KEY, new SamplePublisher("A", 1));
        SamplePublisher second = new SamplePublisher("B", 2);
        assertThat(publish(second).join().publisher()).isSameAs(second);
    }

    @Test
    void theServerItselfHasNoAddressInCommonWithAnybody() {
        hub.feed(KEY, new SamplePublisher("A", 0));
        assertThat(catchThrowableOfType(StreamException.class, () -> hub.feed(KEY, new SamplePublisher("B", 0))))
                .isNotNull();
    }

    @Test
    void aGoodbyeEndsTheStreamAtOnce() {
        Publication publication = hub.feed(KEY, new SamplePublisher("A", 1));
        publication.end(EndReason.GOODBYE);
        publication.end(EndReason.GOODBYE);
        assertThat(hub.find(KEY)).isNull();
        assertThat(publication.stream().endReason()).isEqualTo(EndReason.GOODBYE);
        assertThat(events).containsExactly("Created", "Published A", "Unpublished A GOODBYE", "Ended GOODBYE");
        assertThat(hub.feed(KEY, new SamplePublisher("B", 2)).stream()).isNotSameAs(publication.stream());
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECTION_LOST", "TIMED_OUT", "MALFORMED", "FAILED"})
    void anAccidentLeavesTimeToComeBack(EndReason reason) {
        Publication publication = hub.feed(KEY, new SamplePublisher("A", 1));
        publication.end(reason);
        timer.advance(9_999, false);
        assertThat(publication.stream().endReason()).isNull();
        timer.advance(1, false);
        assertThat(publication.stream().endReason()).isEqualTo(reason);
        assertThat(hub.find(KEY)).isNull();
        assertThat(events).containsExactly("Created", "Published A", "Unpublished A " + reason, "Ended " + reason);
    }

    @Test
    void whoeverComesBackInTimeGoesOnWithTheSameStream() {
        Publication lost = hub.feed(KEY, new SamplePublisher("A", 1));
        lost.end(EndReason.CONNECTION_LOST);
        Publication back = hub.feed(KEY, new SamplePublisher("B", 2));
        assertThat(back.stream()).isSameAs(lost.stream());
        assertThat(timer.waiting()).isZero();
        timer.advance(20_000, false);
        assertThat(back.stream().endReason()).isNull();
        assertThat(back.stream().counters().republished()).isEqualTo(1);
    }

    @Test
    void theGraceOfAnEarlierLossDoesNotCutALaterOneShort() {
        hub.feed(KEY, new SamplePublisher("A", 1)).end(EndReason.CONNECTION_LOST);
        timer.advance(9_000, false);
        Publication second = hub.feed(KEY, new SamplePublisher("B", 1));
        second.end(EndReason.CONNECTION_LOST);
        timer.advance(1_000, true); // the first timer had begun when it was cancelled
        assertThat(second.stream().endReason()).isNull();
        timer.advance(9_000, false);
        assertThat(second.stream().endReason()).isEqualTo(EndReason.CONNECTION_LOST);
    }

    @Test
    void withoutGraceAnAccidentEndsTheStreamAtOnce() {
        hub = hub(changes -> changes.grace(0));
        Publication publication = hub.feed(KEY, new SamplePublisher("A", 1));
        publication.end(EndReason.CONNECTION_LOST);
        assertThat(hub.find(KEY)).isNull();
    }

    @Test
    void streamsAreLimitedAndTheirPlacesComeBack() {
        hub = hub(changes -> changes.streams(2));
        Publication first = hub.feed(new StreamKey("live", "1"), new SamplePublisher("A", 1));
        hub.feed(new StreamKey("live", "2"), new SamplePublisher("B", 1));
        StreamKey third = new StreamKey("live", "3");
        StreamException refused =
                catchThrowableOfType(StreamException.class, () -> hub.feed(third, new SamplePublisher("C", 1)));
        assertThat(refused.reason()).isEqualTo(Reason.LIMIT);
        hub.feed(new StreamKey("live", "2"), new SamplePublisher("D", 1));
        first.end(EndReason.GOODBYE);
        assertThat(hub.feed(third, new SamplePublisher("C", 1))).isNotNull();
    }

    @Test
    void failuresComeAsTheyAre() {
        policy = request -> CompletableFuture.completedFuture(Access.DENIED);
        hub = hub(changes -> changes);
        assertThat(failure(publish(new SamplePublisher("A", 1)))).isEqualTo(Reason.DENIED);
        assertThat(failure(play())).isEqualTo(Reason.DENIED);
        policy = AccessPolicy.OPEN;
        hub = hub(changes -> changes);
        assertThat(failure(play())).isEqualTo(Reason.NOT_FOUND);
        hub.feed(KEY, new SamplePublisher("A", 1));
        assertThat(failure(publish(new SamplePublisher("B", 2)))).isEqualTo(Reason.BUSY);
    }

    @Test
    void aPolicyThatFailsHasNotSaidYes() {
        policy = request -> {
            throw new IllegalStateException("down");
        };
        hub = hub(changes -> changes);
        assertThat(failure(publish(new SamplePublisher("A", 1)))).isEqualTo(Reason.DENIED);
        policy = request -> CompletableFuture.failedFuture(new IllegalStateException("down"));
        hub = hub(changes -> changes);
        assertThat(failure(play())).isEqualTo(Reason.DENIED);
        assertThat(hub.streams()).isEmpty();
    }

    @Test
    void whatIsMissingIsResolvedAfterThePolicy() {
        CompletableFuture<MediaStream> pulled = new CompletableFuture<>();
        hub.addLocator(missing -> pulled);
        CompletableFuture<MediaStream> played = play();
        assertThat(played).isNotDone();
        MediaStream stream = hub.feed(KEY, new SamplePublisher("pull", 0)).stream();
        pulled.complete(stream);
        assertThat(played.join()).isSameAs(stream);
        assertThat(play().join()).isSameAs(stream);
    }

    @Test
    void aListenerThatFailsCostsNobodyAnything() {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread thread = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((t, fault) -> seen.set(fault));
        try {
            StreamHub fresh = new StreamHub(settings(changes -> changes), policy, timer);
            fresh.addListener(event -> {
                throw new IllegalStateException("bug");
            });
            fresh.addListener(event -> events.add(text(event)));
            Publication publication = fresh.feed(KEY, new SamplePublisher("A", 1));
            publication.end(EndReason.GOODBYE);
        } finally {
            thread.setUncaughtExceptionHandler(before);
        }
        assertThat(seen.get()).hasRootCauseMessage("bug");
        assertThat(events).endsWith("Ended GOODBYE");
    }

    @Test
    void stoppingEndsEverybodyAndLetsNobodyIn() {
        SamplePublisher publisher = new SamplePublisher("A", 1);
        Publication live = hub.feed(KEY, publisher);
        Publication lost = hub.feed(new StreamKey("live", "lost"), new SamplePublisher("B", 1));
        lost.end(EndReason.CONNECTION_LOST);
        SampleStreams.SampleWatcher watcher = new SampleStreams.SampleWatcher();
        live.stream().watch(watcher);
        hub.stop();
        assertThat(publisher.revoked()).containsExactly(EndReason.STOPPING);
        assertThat(watcher.end()).isEqualTo(EndReason.STOPPING);
        assertThat(events).contains("Unpublished A STOPPING", "Ended STOPPING");
        assertThat(failure(publish(publisher))).isEqualTo(Reason.STOPPING);
        assertThat(catchThrowableOfType(StreamException.class, () -> hub.feed(KEY, publisher))
                        .reason())
                .isEqualTo(Reason.STOPPING);
    }

    /** Two threads take one name over from each other; a third one's events must tell a story that is possible. */
    @Test
    void racingPublishersNeverBothHoldTheNameAndEventsTellTheOrder() throws Exception {
        hub = hub(changes -> changes.on(OnConflict.TAKEOVER).grace(0));
        int rounds = 1_500;
        CyclicBarrier start = new CyclicBarrier(2);
        CountDownLatch done = new CountDownLatch(2);
        List<Throwable> faults = new ArrayList<>();
        for (String id : List.of("A", "B")) {
            Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                    for (int i = 0; i < rounds; i++) {
                        Publication publication = hub.feed(KEY, new SamplePublisher(id, 1));
                        publication.write(SampleMedia.packet(SampleMedia.VIDEO, i, true));
                        publication.end(i % 2 == 0 ? EndReason.GOODBYE : EndReason.CONNECTION_LOST);
                    }
                } catch (Exception | AssertionError e) {
                    synchronized (faults) {
                        faults.add(e);
                    }
                }
                done.countDown();
            });
        }
        done.await();
        assertThat(faults).isEmpty();
        assertThat(hub.streams()).isEmpty();
        assertThat(perStream.values()).allSatisfy(story -> {
            assertThat(story).startsWith("Created").endsWith("Ended");
            assertThat(story.replaceFirst("Created", "").replaceFirst("Ended$", ""))
                    .matches("(PublishedUnpublished)+");
        });
    }

    private final java.util.Map<MediaStream, String> perStream = new java.util.concurrent.ConcurrentHashMap<>();

    private StreamHub hub(UnaryOperator<Changes> change) {
        StreamHub fresh = new StreamHub(settings(change), policy, timer);
        fresh.addListener(event -> {
            synchronized (events) {
                events.add(text(event));
            }
            perStream.merge(event.stream(), event.getClass().getSimpleName(), String::concat);
        });
        return fresh;
    }

    private static String text(StreamEvent event) {
        return switch (event) {
            case StreamEvent.Created created -> "Created";
            case StreamEvent.Published published ->
                "Published " + published.publisher().id();
            case StreamEvent.Unpublished gone ->
                "Unpublished " + gone.publisher().id() + " " + gone.reason();
            case StreamEvent.Joined joined -> "Joined " + joined.viewer().peer().id();
            case StreamEvent.Left left -> "Left " + left.viewer().peer().id() + " " + left.reason();
            case StreamEvent.Ended ended -> "Ended " + ended.reason();
        };
    }

    private CompletableFuture<Publication> publish(Publisher publisher) {
        AccessRequest request = new AccessRequest(Action.PUBLISH, KEY, publisher.peer(), Credentials.NONE);
        return hub.publish(request, publisher).toCompletableFuture();
    }

    private CompletableFuture<MediaStream> play() {
        AccessRequest request = new AccessRequest(Action.PLAY, KEY, peer("P", 3), Credentials.NONE);
        return hub.play(request).toCompletableFuture();
    }

    private static Reason failure(CompletableFuture<?> stage) {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        stage.whenComplete((value, fault) -> seen.set(fault));
        assertThat(seen.get()).isInstanceOf(StreamException.class);
        return ((StreamException) seen.get()).reason();
    }
}
