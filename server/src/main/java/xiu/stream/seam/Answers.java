package xiu.stream.seam;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Answers that are still to come. */
public final class Answers {
    private Answers() {}

    /** The same answer, whose failure comes without the wrapping that dependent stages put around it. */
    public static <T> CompletionStage<T> bare(CompletionStage<T> answer) {
        CompletableFuture<T> result = new CompletableFuture<>();
        answer.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                Throwable cause = failure.getCause();
                result.completeExceptionally(failure instanceof CompletionException && cause != null ? cause : failure);
            }
        });
        return result;
    }

    /**
     * The same answer, or a {@link TimeoutException} when it takes longer than {@code millis}. One that is here already
     * needs no timer.
     */
    public static <T> CompletionStage<T> within(
            long millis, ScheduledExecutorService timer, CompletionStage<T> answer) {
        CompletableFuture<T> given = answer.toCompletableFuture();
        if (given.isDone()) {
            return answer;
        }
        CompletableFuture<T> result = given.copy();
        Runnable giveUp =
                () -> result.completeExceptionally(new TimeoutException("no answer within " + millis + " ms"));
        Future<?> late = timer.schedule(giveUp, millis, TimeUnit.MILLISECONDS);
        result.whenComplete((value, failure) -> late.cancel(false));
        return result;
    }
}
