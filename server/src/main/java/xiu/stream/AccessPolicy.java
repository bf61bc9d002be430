package xiu.stream;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import xiu.stream.StreamException.Reason;
import xiu.stream.seam.Answers;
import xiu.stream.seam.Uncaught;

/** Seam: may this peer publish or play this stream? Asked once for each session, by way of {@link StreamHub}. */
public interface AccessPolicy {
    /** Lets everybody do everything. */
    AccessPolicy OPEN = new AccessPolicy() {
        @Override
        public CompletionStage<Access> check(AccessRequest request) {
            return CompletableFuture.completedFuture(Access.GRANTED);
        }

        @Override
        public boolean asks(AccessRequest.Action action, String protocol) {
            return false;
        }
    };

    /** One that has not answered after this has said no, ms. */
    long PATIENCE_MILLIS = 10_000;

    /**
     * Decides. Called on any thread, must not block; the answer may complete on any thread. An exceptional completion
     * is a denial. When the peer leaves, or the time is over, the answer's {@code toCompletableFuture()} is cancelled.
     */
    CompletionStage<Access> check(AccessRequest request);

    /** Whether anybody has to show something for this by this protocol, as of now. */
    default boolean asks(AccessRequest.Action action, String protocol) {
        return true;
    }

    /**
     * The part of a query that {@link #check} looks at, percent-encoded as received; may be empty. Two requests for the
     * same from the same address that show the same are one session's where a protocol has no connection to go by.
     */
    default String credential(String query) {
        return query;
    }

    /**
     * Asks {@link #check}, in one way for all protocols: within a time, and what cannot answer, or answers too late for
     * its grant to count, has not said yes. Fails with {@link StreamException}. Cancelling it cancels the policy's answer.
     */
    default CompletableFuture<Granted> decide(AccessRequest request, ScheduledExecutorService timer) {
        return Answers.then(
                Answers.within(PATIENCE_MILLIS, timer, Answers.asking(() -> check(request))),
                access -> CompletableFuture.completedFuture(granted(request, access)),
                failure -> CompletableFuture.failedFuture(failed(request, failure)));
    }

    private static Granted granted(AccessRequest request, @Nullable Access access) {
        Instant now = Instant.now();
        return switch (access) {
            case Granted granted when !granted.isOver(now) -> granted;
            case Granted over -> throw refusal(request, Reason.DENIED, "the grant ended at " + over.until());
            case Denied denied -> throw refusal(request, denied.reason(), denied.why());
            case null -> throw failed(request, new NullPointerException("no answer"));
        };
    }

    private static StreamException failed(AccessRequest request, Throwable failure) {
        if (failure instanceof TimeoutException) {
            return refusal(request, Reason.DENIED, "no decision within " + PATIENCE_MILLIS + " ms");
        }
        Uncaught.report("the access policy failed", failure);
        return refusal(request, Reason.DENIED, "no decision could be made");
    }

    private static StreamException refusal(AccessRequest request, Reason reason, String why) {
        return new StreamException(reason, request.action() + " of " + request.key() + ": " + why);
    }

    /** The answer. */
    sealed interface Access {
        /** Nothing had to be shown. */
        Access GRANTED = Granted.NOTHING_SHOWN;
        /** Valid credentials were shown. */
        Access PROVEN = Granted.CREDENTIALS_SHOWN;
        /** No or wrong credentials. */
        Access DENIED = new Denied(Reason.DENIED, "wrong or missing token");
    }

    /**
     * Yes.
     *
     * @param until the first moment at which it does not count any more; nothing begins by it from then on
     * @param subject whom the credentials name, for logs and limits; empty: nobody in particular
     * @param limits what the session may cost at most
     * @param proven because valid credentials were shown: a publisher with these may take a name over
     */
    record Granted(Instant until, String subject, Limits limits, boolean proven) implements Access {
        /** For whom nothing had to be shown. */
        public static final Granted NOTHING_SHOWN = new Granted(Instant.MAX, "", Limits.NONE, false);

        /** For whom showed valid credentials. */
        public static final Granted CREDENTIALS_SHOWN = new Granted(Instant.MAX, "", Limits.NONE, true);

        /** Whether its time is over. */
        public boolean isOver(Instant now) {
            return !now.isBefore(until);
        }
    }

    /**
     * What a grant allows, below what the configuration does.
     *
     * @param kbps highest bit rate of what is published, in kbit/s; 0: no limit of its own
     */
    record Limits(int kbps) {
        /** No limits of its own. */
        public static final Limits NONE = new Limits(0);

        /** The lower one of this bit rate and {@code general}, where 0 means none. */
        public int kbpsWithin(int general) {
            return kbps == 0 ? general : general == 0 ? kbps : Math.min(kbps, general);
        }
    }

    /**
     * No.
     *
     * @param reason what protocols tell the peer, each by a status of its own
     * @param why for people who read it; holds no secret
     */
    record Denied(Reason reason, String why) implements Access {}
}
