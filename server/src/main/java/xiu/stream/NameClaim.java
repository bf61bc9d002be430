package xiu.stream;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import xiu.stream.StreamException.Reason;
import xiu.stream.seam.Answers;
import xiu.stream.seam.Uncaught;

/**
 * One publisher's claim to a name, from the request to the directory until it is released, once. The directory's answer
 * and the publisher's end come in any order, on any thread.
 */
final class NameClaim {
    private final StreamKey key;

    // Guarded by this.
    private StreamDirectory.@Nullable Held held;
    private @Nullable Publication publication;
    private boolean lost;

    /** A claim that no directory knows, unless it is {@linkplain #ask asked}. */
    NameClaim(StreamKey key) {
        this.key = key;
    }

    StreamKey key() {
        return key;
    }

    /**
     * Completes with this claim when the publisher has the name, and with a {@link StreamException} when not. If the
     * result is cancelled, nothing is held.
     */
    CompletableFuture<NameClaim> ask(
            StreamDirectory directory, StreamDirectory.Wish wish, ScheduledExecutorService timer) {
        CompletableFuture<NameClaim> result = new CompletableFuture<>();
        Answers.asking(() -> directory.claim(wish))
                .whenComplete((answer, failure) -> answered(result, answer, failure));
        if (!result.isDone()) {
            // Not on the directory's own answer: one that comes after the time limit must still be released.
            Answers.limit(StreamDirectory.PATIENCE_MILLIS, timer, result);
        }
        return Answers.then(
                result,
                CompletableFuture::completedFuture,
                failure -> CompletableFuture.failedFuture(refusal(failure)),
                NameClaim::release);
    }

    private void answered(
            CompletableFuture<NameClaim> result, StreamDirectory.@Nullable Answer answer, @Nullable Throwable failure) {
        switch (answer) {
            case StreamDirectory.Held granted -> {
                synchronized (this) {
                    held = granted;
                }
                if (!result.complete(this)) {
                    release();
                }
            }
            case StreamDirectory.Refused refused -> result.completeExceptionally(taken(refused.holder()));
            case null -> {
                Throwable fault = failure == null ? new NullPointerException("no answer to a claim") : failure;
                result.completeExceptionally(Answers.cause(fault));
            }
        }
    }

    private StreamException taken(String holder) {
        return new StreamException(Reason.BUSY, "stream " + key + " is published by " + holder);
    }

    private Throwable refusal(Throwable failure) {
        if (failure instanceof StreamException) {
            return failure;
        }
        if (!(failure instanceof TimeoutException)) {
            Uncaught.report("the directory failed when it was asked for stream " + key, failure);
        }
        return new StreamException(Reason.UNAVAILABLE, "stream " + key + ": nobody could say whose name it is");
    }

    /** The order of claims to one name: a later one is higher; 0 where the hub alone decides. */
    synchronized long epoch() {
        return held == null ? 0 : held.epoch();
    }

    /** Throws {@link StreamException} when the name was lost meanwhile, perhaps to {@code now}, who feeds it here. */
    synchronized void check(@Nullable Publication now) {
        if (lost || now != null && now.epoch() > epoch()) {
            throw taken(
                    now == null
                            ? "somebody who came later"
                            : now.publisher().peer().toString());
        }
    }

    /** The publisher feeds the stream from now on; if the name was lost before, it is deposed at once. */
    void begin(Publication begun) {
        boolean late;
        synchronized (this) {
            publication = begun;
            late = lost;
        }
        if (late) {
            begun.depose();
        }
    }

    /** Somebody else has the name now. */
    void lost() {
        Publication deposed;
        synchronized (this) {
            lost = true;
            deposed = publication;
        }
        if (deposed != null) {
            deposed.depose();
        }
    }

    /** The publisher is gone; idempotent. */
    void release() {
        StreamDirectory.Held released;
        synchronized (this) {
            released = held;
            held = null;
            publication = null;
        }
        if (released != null) {
            try {
                released.release().run();
            } catch (Throwable fault) {
                Uncaught.report("stream " + key + ": its name could not be released", fault);
            }
        }
    }
}
