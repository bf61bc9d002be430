package xiu.rehearsal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the frames that one player got. Any thread. */
final class FrameCount {
    private final int wanted;
    private final AtomicInteger frames = new AtomicInteger();
    private final CompletableFuture<Integer> enough = new CompletableFuture<>();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();

    /** A count that is complete at {@code wanted} frames. */
    FrameCount(int wanted) {
        this.wanted = wanted;
    }

    /** One more frame. */
    void frame() {
        if (frames.incrementAndGet() == wanted) {
            enough.complete(wanted);
        }
    }

    /** No more frames will come. */
    void ended() {
        enough.completeExceptionally(
                new IllegalStateException(frames + " frames, then the end (expected: at least " + wanted + ")"));
        end.complete(frames.get());
    }

    /** The player failed. */
    void failed(Throwable failure) {
        enough.completeExceptionally(failure);
        end.completeExceptionally(failure);
    }

    /** Completes when the wanted number has come; fails when it never will. */
    CompletableFuture<Integer> enough() {
        return enough;
    }

    /** Completes at the end of the stream, with the number of frames. */
    CompletableFuture<Integer> end() {
        return end;
    }
}
