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

/**
 * Seam: decides whether a peer may publish or play a stream. Asked once for each session, through {@link StreamHub}.
 */
public interface AccessPolicy {
    /** Allows everything to everybody. */
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

    /** After this time without an answer the request is denied, ms. */
    long PATIENCE_MILLIS = 10_000;

    /**
     * Decides. Called on any thread, must not block; the answer may complete on any thread. An exceptional completion
     * is a denial. When the peer leaves, or the time is over, the answer's {@code toCompletableFuture()} is cancelled.
     */
    CompletionStage<Access> check(AccessRequest request);

    /** Whether credentials are needed for this action by this protocol at the moment. */
    default boolean asks(AccessRequest.Action action, String protocol) {
        return true;
    }

    /**
     * The part of a query that {@link #check} reads, percent-encoded as received; may be empty. A protocol without
     * connections takes two requests for the same stream from the same address with the same credential as one session.
     */
    default String credential(String query) {
        return query;
    }

    /**
     * Asks {@link #check}, in the same way for all protocols. It is a denial when the policy does not answer in time,
     * fails, or answers with a grant that has already expired. Fails with {@link StreamException}. Cancelling the
     * result cancels the policy's answer.
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

    /** The answer of a policy. */
    sealed interface Access {
        /** Allowed without credentials. */
        Access GRANTED = Granted.NOTHING_SHOWN;
        /** Allowed because of valid credentials. */
        Access PROVEN = Granted.CREDENTIALS_SHOWN;
        /** Denied because of missing or wrong credentials. */
        Access DENIED = new Denied(Reason.DENIED, "wrong or missing token");
    }

    /**
     * Allowed.
     *
     * @param until when the grant expires; nothing may begin by it from then on
     * @param subject whom the credentials name, for logs and limits; empty: nobody in particular
     * @param limits what the session may cost at most
     * @param proven whether valid credentials were shown: a publisher with these may take a name over
     */
    record Granted(Instant until, String subject, Limits limits, boolean proven) implements Access {
        /** Allowed without credentials, for any time. */
        public static final Granted NOTHING_SHOWN = new Granted(Instant.MAX, "", Limits.NONE, false);

        /** Allowed because of valid credentials, for any time. */
        public static final Granted CREDENTIALS_SHOWN = new Granted(Instant.MAX, "", Limits.NONE, true);

        /** Whether the grant has expired. */
        public boolean isOver(Instant now) {
            return !now.isBefore(until);
        }
    }

    /**
     * Limits of one grant, besides those of the configuration.
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
     * Denied.
     *
     * @param reason for which each protocol has a status
     * @param why for people; contains no secret
     */
    record Denied(Reason reason, String why) implements Access {}
}
