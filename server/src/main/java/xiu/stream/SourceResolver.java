package xiu.stream;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Seam: asked for a source when a player comes to a stream nobody feeds. */
public interface SourceResolver {
    /** Resolves nothing. */
    SourceResolver NONE = missing -> CompletableFuture.failedFuture(
            new StreamException(StreamException.Reason.NOT_FOUND, "stream " + missing.key() + " is not published"));

    /**
     * Completes when the stream has a publisher; fails with {@link StreamException} when it will not get one soon.
     * Called on any thread, must not block; many players asking at once share one attempt.
     */
    CompletionStage<MediaStream> resolve(AccessRequest missing);

    /** How long {@link #resolve} may take; what is later than this is not waited for. */
    default Duration patience(AccessRequest missing) {
        return Duration.ofSeconds(30);
    }
}
