package xiu.stream;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Seam: finds a stream that a player wants and nobody feeds here. Several locators are asked in turn. */
@FunctionalInterface
public interface StreamLocator {
    /**
     * Completes when the stream is fed here. Fails with {@link StreamException} when it will not be soon, and with
     * {@link StreamException.Reason#NOT_FOUND} when the stream is not known. Called on any thread, must not block; many
     * players that ask at once share one attempt. When the player leaves, or the time is over, the answer's {@code
     * toCompletableFuture()} is cancelled.
     */
    CompletionStage<MediaStream> locate(AccessRequest missing);

    /** How long {@link #locate} may take; a later answer is ignored. */
    default Duration patience(AccessRequest missing) {
        return Duration.ofSeconds(30);
    }
}
