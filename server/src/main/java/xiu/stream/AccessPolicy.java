package xiu.stream;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Seam: may this peer publish or play this stream? */
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
     * is a denial.
     */
    CompletionStage<Access> check(AccessRequest request);

    /** Whether anybody has to show something for this by this protocol, as of now. */
    default boolean asks(AccessRequest.Action action, String protocol) {
        return true;
    }

    /** The part of a query that {@link #check} looks at, percent-encoded as received; may be empty. */
    default String credential(String query) {
        return query;
    }

    /** The answer. */
    enum Access {
        GRANTED,
        /** Granted because valid credentials were shown: a publisher with these may take a name over. */
        PROVEN,
        /** No or wrong credentials. */
        DENIED
    }
}
