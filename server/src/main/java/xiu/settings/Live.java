package xiu.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Holds an immutable settings record that can be replaced while the server runs. Who works by the settings keeps the
 * holder and reads {@link #now()} once when something begins (a session, a decision, an inspection), not once for each
 * packet and player; who must do something when they change is a listener. Any thread.
 *
 * @param <T> the record
 */
public final class Live<T> {
    private final List<Consumer<? super T>> listeners = new CopyOnWriteArrayList<>();
    private volatile T now;

    private Live(T first) {
        this.now = first;
    }

    /** A holder of {@code first}. */
    public static <T> Live<T> of(T first) {
        return new Live<>(first);
    }

    /** What counts at the moment: one read of a volatile field. Two calls may answer differently. */
    public T now() {
        return now;
    }

    /**
     * Replaces the record and tells the listeners, in the order in which they came, before it returns. Equal settings
     * change nothing. A listener that fails does not keep the others from being told; its exception is the cause of one that is
     * thrown at the end.
     */
    public synchronized void set(T next) {
        if (next.equals(now)) {
            return;
        }
        now = next;
        List<Throwable> failures = new ArrayList<>();
        for (Consumer<? super T> listener : listeners) {
            try {
                listener.accept(next);
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            IllegalStateException failed = new IllegalStateException("a listener failed", failures.getFirst());
            failures.stream().skip(1).forEach(failed::addSuppressed);
            throw failed;
        }
    }

    /**
     * Tells {@code listener} about every change from now on, on the thread that makes it and one change after the other.
     * A listener that needs a thread of its own passes the news on.
     */
    public synchronized void onChange(Consumer<? super T> listener) {
        listeners.add(listener);
    }

    /**
     * A part of the record as a holder of its own, which follows this one. Its listeners are told only when that part
     * changes. Kept for as long as this holder: one for each part of the server, not one for each stream.
     */
    public synchronized <U> Live<U> part(Function<? super T, ? extends U> of) {
        Live<U> part = new Live<>(of.apply(now));
        onChange(next -> part.set(of.apply(next)));
        return part;
    }
}
