package xiu.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static xiu.stream.SampleStreams.peer;
import static xiu.stream.SampleStreams.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xiu.settings.Live;
import xiu.stream.AccessRequest.Action;
import xiu.stream.AccessRequest.Credentials;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.StreamException.Reason;
import xiu.stream.settings.StreamSettings.OnConflict;

/** Names that a directory gives: late, not at all, to somebody else, and back. */
class StreamDirectoryTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final ManualTimer timer = new ManualTimer();
    private final FakeDirectory directory = new FakeDirectory();
    private StreamHub hub = hub(OnConflict.AUTO);
    private final List<Throwable> reported = new ArrayList<>();
    private final SamplePublisher a = new SamplePublisher("A", 1);
    private final SamplePublisher b = new SamplePublisher("B", 1);

    /** Answers when the test does. */
    private static final class FakeDirectory implements StreamDirectory {
        private final List<Wish> wishes = new ArrayList<>();
        private final List<CompletableFuture<Answer>> answers = new ArrayList<>();
        private final List<Long> released = new ArrayList<>();
        private boolean broken;
        private CompletableFuture<MediaStream> located = CompletableFuture.failedFuture(
                new StreamException(Reason.NOT_FOUND, "the directory knows nothing of it"));

        @Override
        public CompletionStage<Answer> claim(Wish wish) {
            if (broken) {
                throw new StackOverflowError("planted");
            }
            wishes.add(wish);
            answers.add(new CompletableFuture<>());
            return answers.getLast();
        }

        private void grant(int which, long epoch) {
            answers.get(which).complete(new Held(epoch, () -> released.add(epoch)));
        }

        @Override
        public CompletionStage<MediaStream> locate(AccessRequest missing) {
            return located;
        }

        @Override
        public void watch(Watcher watcher) {}

        @Override
        public void unwatch(Watcher watcher) {}
    }

    private StreamHub hub(OnConflict rule) {
        return new StreamHub(Live.of(settings(changes -> changes.on(rule))), AccessPolicy.OPEN, directory, timer);
    }

    /** On the thread of the test, which is another one for each. */
    private void collectReports() {
        Thread.currentThread().setUncaughtExceptionHandler((thread, fault) -> reported.add(fault));
    }

    @AfterEach
    void stop() {
        hub.stop();
        assertThat(timer.waiting()).isZero();
        timer.shutdownNow();
    }

    private CompletableFuture<Publication> publish(Publisher publisher) {
        return hub.publish(new AccessRequest(Action.PUBLISH, KEY, publisher.peer(), Credentials.NONE), publisher);
    }

    private CompletableFuture<MediaStream> play() {
        return hub.play(new AccessRequest(Action.PLAY, KEY, peer("V", 3), Credentials.NONE));
    }

    private static StreamException refusal(CompletableFuture<?> refused) {
        assertThat(refused).isCompletedExceptionally();
        assertThat(refused.exceptionNow()).isInstanceOf(StreamException.class);
        return (StreamException) refused.exceptionNow();
    }

    @Test
    void nothingBeginsBeforeTheNameIsThePublishers() {
        CompletableFuture<Publication> publication = publish(a);
        assertThat(directory.wishes).singleElement().satisfies(wish -> {
            assertThat(wish.key()).isEqualTo(KEY);
            assertThat(wish.publisher()).isEqualTo(a.peer());
            assertThat(wish.rule()).isEqualTo(OnConflict.AUTO);
        });
        assertThat(hub.streams()).isEmpty();
        directory.grant(0, 7);
        assertThat(publication.join().epoch()).isEqualTo(7);
        assertThat(hub.find(KEY)).isNotNull();
        publication.join().end(EndReason.GOODBYE);
        publication.join().end(EndReason.GOODBYE);
        assertThat(directory.released).containsExactly(7L);
    }

    @Test
    void whoIsRefusedHearsWhoHoldsTheName() {
        CompletableFuture<Publication> publication = publish(a);
        directory.answers.getFirst().complete(new StreamDirectory.Refused("rtmp/10.0.0.7 at edge-2"));
        assertThat(refusal(publication).reason()).isEqualTo(Reason.BUSY);
        assertThat(refusal(publication)).hasMessage("stream live/test is published by rtmp/10.0.0.7 at edge-2");
        assertThat(hub.streams()).isEmpty();
    }

    @Test
    void aDirectoryThatFailsIsNoGrant() {
        collectReports();
        CompletableFuture<Publication> publication = publish(a);
        directory.answers.getFirst().completeExceptionally(new IllegalStateException("secret detail"));
        assertThat(refusal(publication).reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(refusal(publication)).hasMessageNotContaining("secret");
        CompletableFuture<Publication> own = publish(a);
        directory.answers.getLast().completeExceptionally(new StreamException(Reason.LIMIT, "too many names"));
        assertThat(refusal(own).reason()).isEqualTo(Reason.LIMIT);
        CompletableFuture<Publication> empty = publish(a);
        directory.answers.getLast().complete(null);
        assertThat(refusal(empty).reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(reported).hasSize(2);
        assertThat(hub.streams()).isEmpty();
    }

    @Test
    void aDirectoryThatNeverAnswersIsNoGrantAndALateOneIsGivenBack() {
        CompletableFuture<Publication> publication = publish(a);
        timer.advance(StreamDirectory.PATIENCE_MILLIS, false);
        assertThat(refusal(publication).reason()).isEqualTo(Reason.UNAVAILABLE);
        directory.grant(0, 3);
        assertThat(directory.released).containsExactly(3L);
        assertThat(hub.streams()).isEmpty();
    }

    @Test
    void aNameThatComesForAPublisherWhoIsGoneIsGivenBack() {
        CompletableFuture<Publication> publication = publish(a);
        publication.cancel(false);
        assertThat(timer.waiting()).isZero();
        directory.grant(0, 3);
        assertThat(directory.released).containsExactly(3L);
        assertThat(hub.streams()).isEmpty();
    }

    @Test
    void aPublisherWhoseNameIsLostIsDeposedAtOnceAndViewersMayGoOn() {
        CompletableFuture<Publication> publication = publish(a);
        directory.grant(0, 3);
        MediaStream stream = publication.join().stream();
        directory.wishes.getFirst().onLost().run();
        directory.wishes.getFirst().onLost().run();
        assertThat(a.revoked()).containsExactly(EndReason.TAKEN_OVER);
        assertThat(directory.released).containsExactly(3L);
        assertThat(stream.publisher()).isNull();
        assertThat(stream.endReason()).isNull();
        // What is now fetched from the new owner goes on with the same stream.
        SamplePublisher relay = new SamplePublisher(new Peer("r", Peer.RELAY_PULL, null, 0), new ArrayList<>());
        assertThat(hub.feed(KEY, relay).stream()).isSameAs(stream);
        publication.join().end(EndReason.GOODBYE);
        assertThat(stream.publisher()).isSameAs(relay);
    }

    @Test
    void aStreamThatNobodyFeedsAfterItsNameWasLostEnds() {
        CompletableFuture<Publication> publication = publish(a);
        directory.grant(0, 3);
        directory.wishes.getFirst().onLost().run();
        timer.advance(10_000, false);
        assertThat(publication.join().stream().endReason()).isEqualTo(EndReason.TAKEN_OVER);
        assertThat(hub.find(KEY)).isNull();
    }

    @Test
    void aNameThatIsLostBeforeItIsGrantedIsNeverFed() {
        CompletableFuture<Publication> publication = publish(a);
        directory.wishes.getFirst().onLost().run();
        directory.grant(0, 3);
        assertThat(refusal(publication).reason()).isEqualTo(Reason.BUSY);
        assertThat(directory.released).containsExactly(3L);
        assertThat(a.revoked()).isEmpty();
        assertThat(hub.streams()).isEmpty();
    }

    @Test
    void aPublisherThatHasLeftIsNotDeposed() {
        CompletableFuture<Publication> publication = publish(a);
        directory.grant(0, 3);
        publication.join().end(EndReason.GOODBYE);
        directory.wishes.getFirst().onLost().run();
        assertThat(a.revoked()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "TAKEOVER"})
    void aNewcomerTakesOverOnlyWhenTheNameIsIts(OnConflict rule) {
        hub = hub(rule);
        CompletableFuture<Publication> first = publish(a);
        directory.grant(0, 3);
        CompletableFuture<Publication> second = publish(b);
        assertThat(a.revoked()).isEmpty();
        directory.grant(1, 4);
        assertThat(a.revoked()).containsExactly(EndReason.TAKEN_OVER);
        assertThat(second.join().stream()).isSameAs(first.join().stream());
        assertThat(directory.released).containsExactly(3L);
        second.join().end(EndReason.GOODBYE);
        assertThat(directory.released).containsExactly(3L, 4L);
    }

    @Test
    void whoIsRefusedHereAsksNoDirectory() {
        hub = hub(OnConflict.REJECT);
        publish(a);
        directory.grant(0, 3);
        assertThat(refusal(publish(b)).reason()).isEqualTo(Reason.BUSY);
        assertThat(directory.wishes).hasSize(1);
        assertThat(a.revoked()).isEmpty();
    }

    @Test
    void oneOfTwoWhoClaimedAtOnceIsRefusedHereAndItsNameGivenBack() {
        hub = hub(OnConflict.REJECT);
        CompletableFuture<Publication> first = publish(a);
        CompletableFuture<Publication> second = publish(b);
        directory.grant(0, 3);
        directory.grant(1, 4);
        assertThat(first).isCompleted();
        assertThat(refusal(second).reason()).isEqualTo(Reason.BUSY);
        assertThat(directory.released).containsExactly(4L);
    }

    @Test
    void anAnswerThatWasOvertakenDeposesNobody() {
        hub = hub(OnConflict.TAKEOVER);
        CompletableFuture<Publication> first = publish(a);
        CompletableFuture<Publication> second = publish(b);
        directory.grant(1, 4);
        directory.grant(0, 3);
        assertThat(second).isCompleted();
        assertThat(refusal(first)).hasMessageContaining("is published by");
        assertThat(b.revoked()).isEmpty();
        assertThat(directory.released).containsExactly(3L);
    }

    @Test
    void aStoppingServerGivesItsNamesBack() {
        publish(a);
        directory.grant(0, 3);
        CompletableFuture<Publication> pending = hub.publish(
                new AccessRequest(Action.PUBLISH, new StreamKey("live", "other"), b.peer(), Credentials.NONE), b);
        hub.stop();
        assertThat(directory.released).containsExactly(3L);
        directory.grant(1, 4);
        assertThat(refusal(pending).reason()).isEqualTo(Reason.STOPPING);
        assertThat(directory.released).containsExactly(3L, 4L);
    }

    @Test
    void whatARelayFetchesClaimsNoName() {
        hub.feed(KEY, a);
        assertThat(directory.wishes).isEmpty();
    }

    @Test
    void aDirectoryThatThrowsIsNoGrantAndOneThatCannotReleaseStopsNobody() {
        collectReports();
        directory.broken = true;
        assertThat(refusal(publish(b)).reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(reported).hasSize(1);
        directory.broken = false;
        CompletableFuture<Publication> publication = publish(a);
        directory.answers.getFirst().complete(new StreamDirectory.Held(1, () -> {
            throw new StackOverflowError("planted");
        }));
        publication.join().end(EndReason.GOODBYE);
        assertThat(hub.streams()).isEmpty();
        assertThat(reported).hasSize(2);
    }

    @Test
    void locatorsAreAskedInTurnTheDirectoryFirst() {
        List<String> asked = new ArrayList<>();
        CompletableFuture<MediaStream> found = new CompletableFuture<>();
        hub.addLocator(missing -> {
            asked.add("first");
            return CompletableFuture.failedFuture(new StreamException(Reason.LIMIT, "too many"));
        });
        hub.addLocator(missing -> {
            asked.add("second");
            return found;
        });
        CompletableFuture<MediaStream> player = play();
        assertThat(asked).containsExactly("first", "second");
        assertThat(player).isNotDone();
        found.completeExceptionally(new StreamException(Reason.NOT_FOUND, "nowhere"));
        // That nobody knows it says less than that somebody could not look.
        assertThat(refusal(player).reason()).isEqualTo(Reason.LIMIT);
        MediaStream here = new StreamHub(settings(changes -> changes), AccessPolicy.OPEN, timer).feed(KEY, a).stream();
        directory.located = CompletableFuture.completedFuture(here);
        assertThat(play().join()).isSameAs(here);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aLocatorThatNeverAnswersDelaysTheNextOneOnly() {
        CompletableFuture<MediaStream> silent = new CompletableFuture<>();
        directory.located = silent;
        List<AccessRequest> asked = new ArrayList<>();
        hub.addLocator(missing -> {
            asked.add(missing);
            return CompletableFuture.failedFuture(new StreamException(Reason.NOT_FOUND, "nowhere"));
        });
        CompletableFuture<MediaStream> player = play();
        timer.advance(29_999, false);
        assertThat(asked).isEmpty();
        timer.advance(1, false);
        assertThat(asked).hasSize(1);
        assertThat(silent).isCancelled();
        assertThat(player.exceptionNow()).isInstanceOf(TimeoutException.class);
    }

    @Test
    void aServerThatIsAloneHasEveryNameAndKnowsNothingElsewhere() {
        hub = new StreamHub(settings(changes -> changes), AccessPolicy.OPEN, timer);
        assertThat(publish(a)).isCompleted();
        assertThat(directory.wishes).isEmpty();
        hub.stop();
        hub = new StreamHub(settings(changes -> changes), AccessPolicy.OPEN, timer);
        assertThat(refusal(play())).hasMessage("stream live/test is not published");
    }
}
