package xiu.stream.seam;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Combines answers that are still to come. The results can be cancelled, which cancels the answer that is awaited at
 * that moment.
 */
public final class Answers {
    private Answers() {}

    /** Asks; an exception that is thrown becomes an answer that has failed. */
    public static <T> CompletionStage<T> asking(Supplier<? extends CompletionStage<T>> question) {
        try {
            return Objects.requireNonNull(question.get(), "no answer at all");
        } catch (Throwable fault) {
            return CompletableFuture.failedFuture(fault);
        }
    }

    /** The failure itself, without the wrapping of dependent stages. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /**
     * As {@link #then(CompletionStage, Function, Function)}; a failure of the first answer is the failure of the whole.
     */
    public static <A, B> CompletableFuture<B> then(
            CompletionStage<A> first, Function<? super A, ? extends CompletionStage<B>> next) {
        return then(first, next, CompletableFuture::failedFuture);
    }

    /** The answer to the question that follows from the first answer, or from its failure. Failures are not wrapped. */
    public static <A, B> CompletableFuture<B> then(
            CompletionStage<A> first,
            Function<? super A, ? extends CompletionStage<B>> next,
            Function<? super Throwable, ? extends CompletionStage<B>> otherwise) {
        return then(first, next, otherwise, unwanted -> {});
    }

    /** The same. {@code undo} gets an answer that comes after the result was cancelled. */
    public static <A, B> CompletableFuture<B> then(
            CompletionStage<A> first,
            Function<? super A, ? extends CompletionStage<B>> next,
            Function<? super Throwable, ? extends CompletionStage<B>> otherwise,
            Consumer<? super B> undo) {
        CompletableFuture<B> result = new CompletableFuture<>();
        passCancelling(result, first);
        first.whenComplete((value, failure) -> {
            if (failure != null && result.isDone()) {
                return;
            }
            CompletionStage<B> second =
                    asking(() -> failure == null ? next.apply(value) : otherwise.apply(cause(failure)));
            passCancelling(result, second);
            second.whenComplete((answer, fault) -> {
                if (!complete(result, answer, fault) && fault == null) {
                    undo.accept(answer);
                }
            });
        });
        return result;
    }

    private static <T> boolean complete(CompletableFuture<T> result, T answer, @Nullable Throwable fault) {
        return fault == null ? result.complete(answer) : result.completeExceptionally(cause(fault));
    }

    /** Cancels {@code asked} when {@code result} is cancelled. */
    private static void passCancelling(CompletableFuture<?> result, CompletionStage<?> asked) {
        CompletableFuture<?> pending = asked.toCompletableFuture();
        if (!pending.isDone()) {
            result.whenComplete((answer, failure) -> {
                if (failure instanceof CancellationException) {
                    pending.cancel(false);
                }
            });
        }
    }

    /**
     * The same answer, or a {@link TimeoutException} when it takes longer than {@code millis}; the answer is cancelled
     * then. For an answer that is here already no timer is made.
     */
    public static <T> CompletableFuture<T> within(
            long millis, ScheduledExecutorService timer, CompletionStage<T> answer) {
        CompletableFuture<T> given = answer.toCompletableFuture();
        if (given.isDone()) {
            return given;
        }
        CompletableFuture<T> result = given.copy();
        limit(millis, timer, result);
        result.whenComplete((value, failure) -> given.cancel(false));
        return result;
    }

    /** Fails {@code answer} with a {@link TimeoutException} when it is not here after {@code millis}. */
    public static void limit(long millis, ScheduledExecutorService timer, CompletableFuture<?> answer) {
        Runnable giveUp =
                () -> answer.completeExceptionally(new TimeoutException("no answer within " + millis + " ms"));
        Future<?> late = timer.schedule(giveUp, millis, TimeUnit.MILLISECONDS);
        answer.whenComplete((value, failure) -> late.cancel(false));
    }
}
