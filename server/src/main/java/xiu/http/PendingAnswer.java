package xiu.http;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request still waits for its answer. It is answered once, by the first who claims it, or its client leaves
 * before. Used by the exchanges of every version of HTTP. Any thread.
 */
public final class PendingAnswer {
    private enum State {
        OPEN,
        ANSWERED,
        ABANDONED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    /** Confined to the event loop. */
    private @Nullable Runnable onAbandoned;

    /**
     * Claims the right to answer; false when nobody waits any more.
     *
     * @throws IllegalStateException when it is answered already
     */
    public boolean claim() {
        // Not compareAndExchange, which the JVM's first compiler makes a call into the JVM.
        if (state.compareAndSet(State.OPEN, State.ANSWERED)) {
            return true;
        }
        if (state.get() == State.ANSWERED) {
            throw new IllegalStateException("answer: second one (expected: one per request)");
        }
        return false;
    }

    /** Sets what runs if nobody waits any more before there is an answer; on the event loop. */
    public void onAbandoned(Runnable action) {
        onAbandoned = action;
    }

    /** Nobody waits any more; on the event loop. Returns what must run now; null: there is an answer already. */
    public @Nullable Runnable abandon() {
        if (!state.compareAndSet(State.OPEN, State.ABANDONED)) {
            return null;
        }
        Runnable action = onAbandoned;
        return action == null ? () -> {} : action;
    }

    /** Whether there is no answer yet and somebody waits for it. */
    public boolean isOpen() {
        return state.get() == State.OPEN;
    }

    /** Whether nobody waits any more, and there was no answer. */
    public boolean isAbandoned() {
        return state.get() == State.ABANDONED;
    }
}
