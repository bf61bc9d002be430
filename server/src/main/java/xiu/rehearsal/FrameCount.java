package xiu.rehearsal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The frames that came to one player. Any thread. */
final class FrameCount {
    private final int wanted;
    private final AtomicInteger frames = new AtomicInteger();
    private final CompletableFuture<Integer> enough = new CompletableFuture<>();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();

    /** A count that is content with {@code wanted} frames. */
    FrameCount(int wanted) {
        this.wanted = wanted;
    }

    /** One more. */
    void frame() {
        if (frames.incrementAndGet() == wanted) {
            enough.complete(wanted);
        }
    }

    /** No more will come. */
    void ended() {
        enough.completeExceptionally(
                new IllegalStateException(frames + " frames, then the end (expected: at least " + wanted + ")"));
        end.complete(frames.get());
    }

    /** It went wrong. */
    void failed(Throwable failure) {
        enough.completeExceptionally(failure);
        end.completeExceptionally(failure);
    }

    /** Completes when as many have come as were wanted; fails when they never will. */
    CompletableFuture<Integer> enough() {
        return enough;
    }

    /** Completes at the end, with the number that came. */
    CompletableFuture<Integer> end() {
        return end;
    }
}
