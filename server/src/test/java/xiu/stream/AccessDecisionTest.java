package xiu.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static xiu.stream.SampleStreams.peer;
import static xiu.stream.SampleStreams.settings;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import xiu.stream.AccessPolicy.Access;
import xiu.stream.AccessPolicy.Denied;
import xiu.stream.AccessPolicy.Granted;
import xiu.stream.AccessPolicy.Limits;
import xiu.stream.AccessRequest.Action;
import xiu.stream.AccessRequest.Credentials;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.StreamException.Reason;

/** What a policy answers, how long it may take, and what becomes of the question when the peer leaves. */
class AccessDecisionTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final ManualTimer timer = new ManualTimer();
    private final List<AccessRequest> asked = new ArrayList<>();
    private CompletableFuture<Access> answer = new CompletableFuture<>();
    private final StreamHub hub = new StreamHub(
            settings(changes -> changes),
            request -> {
                asked.add(request);
                return answer;
            },
            timer);

    @AfterEach
    void stop() {
        hub.stop();
        assertThat(timer.waiting()).isZero();
        timer.shutdownNow();
    }

    private static AccessRequest request(Action action) {
        return new AccessRequest(action, KEY, peer("A", 1), Credentials.NONE);
    }

    private CompletableFuture<?> ask(Action action) {
        return action == Action.PLAY
                ? hub.play(request(action))
                : hub.publish(request(action), new SamplePublisher("A", 1));
    }

    private static StreamException refusal(CompletableFuture<?> refused) {
        assertThat(refused).isCompletedExceptionally();
        assertThat(refused.exceptionNow()).isInstanceOf(StreamException.class);
        return (StreamException) refused.exceptionNow();
    }

    @Test
    void aGrantCountsUntilItsTimeIsOver() {
        Instant now = Instant.now();
        answer.complete(new Granted(now.plusSeconds(60), "somebody", Limits.NONE, false));
        Granted granted = hub.decide(request(Action.PLAY)).join();
        assertThat(granted.subject()).isEqualTo("somebody");
        assertThat(granted.isOver(now.plusMillis(59_999))).isFalse();
        assertThat(granted.isOver(now.plusSeconds(60))).isTrue();
        answer = CompletableFuture.completedFuture(new Granted(now.minusMillis(1), "", Limits.NONE, true));
        StreamException late = refusal(ask(Action.PUBLISH));
        assertThat(late.reason()).isEqualTo(Reason.DENIED);
        assertThat(late).hasMessageContaining("the grant ended at");
        assertThat(hub.streams()).isEmpty();
    }

    @Test
    void aDenialSaysWhyInItsOwnWords() {
        answer.complete(new Denied(Reason.FORBIDDEN, "not from this address"));
        StreamException refused = refusal(ask(Action.PLAY));
        assertThat(refused.reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(refused).hasMessage("PLAY of live/test: not from this address");
    }

    @ParameterizedTest
    @EnumSource
    void aPolicyThatNeverAnswersHasSaidNoAndIsToldThatItNeedNotAnswer(Action action) {
        CompletableFuture<?> waiting = ask(action);
        timer.advance(AccessPolicy.PATIENCE_MILLIS - 1, false);
        assertThat(waiting).isNotDone();
        timer.advance(1, false);
        assertThat(refusal(waiting).reason()).isEqualTo(Reason.DENIED);
        assertThat(answer).isCancelled();
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatLeavesCancelsWhatItAskedFor(Action action) {
        CompletableFuture<?> waiting = ask(action);
        waiting.cancel(false);
        assertThat(answer).isCancelled();
        assertThat(timer.waiting()).isZero();
        assertThat(hub.streams()).isEmpty();
    }

    @Test
    void aPlayerThatLeavesCancelsTheSearchForItsStream() {
        CompletableFuture<MediaStream> sought = new CompletableFuture<>();
        hub.addLocator(missing -> sought);
        answer.complete(Access.GRANTED);
        CompletableFuture<?> waiting = ask(Action.PLAY);
        assertThat(waiting).isNotDone();
        waiting.cancel(false);
        assertThat(sought).isCancelled();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 500, 500", "500, 0, 500", "500, 800, 500", "800, 500, 500"})
    void theLowerLimitCounts(int own, int general, int counts) {
        assertThat(new Limits(own).kbpsWithin(general)).isEqualTo(counts);
    }

    @Test
    void aPublicationKnowsWhatItsPublisherWasGranted() {
        answer.complete(new Granted(Instant.MAX, "", new Limits(500), true));
        ask(Action.PUBLISH);
        assertThat(hub.find(KEY)).isNotNull();
        assertThat(hub.find(KEY).publication().limits().kbps()).isEqualTo(500);
        assertThat(asked).hasSize(1);
    }
}
