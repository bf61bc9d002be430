package xiu.stream;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Seam: may this peer publish or play this stream? */
public interface AccessPolicy {
    /** Lets everybody do everything. */
    AccessPolicy OPEN = request -> CompletableFuture.completedFuture(Access.GRANTED);

    /**
     * Decides. Called on any thread, must not block; the answer may complete on any thread. An exceptional completion
     * is a denial.
     */
    CompletionStage<Access> check(AccessRequest request);

    /** The answer. */
    enum Access {
        GRANTED,
        /** Granted because valid credentials were shown: a publisher with these may take a name over. */
        PROVEN,
        /** No or wrong credentials. */
        DENIED
    }
}
