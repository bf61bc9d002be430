package xiu.stream;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Seam: asked for a stream that a player wants and nobody feeds here. There may be several, which are asked in turn. */
@FunctionalInterface
public interface StreamLocator {
    /**
     * Completes when the stream is fed here; fails with {@link StreamException} when it will not be soon, and with
     * {@link StreamException.Reason#NOT_FOUND} when nothing is known of it. Called on any thread, must not block; many
     * players asking at once share one attempt. When the player leaves, or the time is over, the answer's
     * {@code toCompletableFuture()} is cancelled.
     */
    CompletionStage<MediaStream> locate(AccessRequest missing);

    /** How long {@link #locate} may take; what is later than this is not waited for. */
    default Duration patience(AccessRequest missing) {
        return Duration.ofSeconds(30);
    }
}
