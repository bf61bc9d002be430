package xiu.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Holds an immutable settings record that can be replaced while the server runs. A part keeps the holder and reads
 * {@link #now()} once when something begins (a session, a decision, an inspection), not for each packet and player. A
 * part that must act when they change registers a listener. Any thread.
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

    /** The settings at the moment: one read of a volatile field. Two calls may return different records. */
    public T now() {
        return now;
    }

    /**
     * Replaces the record and notifies the listeners, in the order of their registration, before it returns. Equal
     * settings change nothing. When a listener throws, the others are still notified; what it threw is the cause of an
     * exception at the end.
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
     * Calls {@code listener} with every change from now on, on the thread that makes the change, one change after the
     * other. A listener that needs its own thread posts the change there.
     */
    public synchronized void onChange(Consumer<? super T> listener) {
        listeners.add(listener);
    }

    /**
     * A part of the record as a holder of its own, which follows this one. Its listeners are notified only when that
     * part changes. It is kept for as long as this holder, so it is for parts of the server, not for single streams.
     */
    public synchronized <U> Live<U> part(Function<? super T, ? extends U> of) {
        Live<U> part = new Live<>(of.apply(now));
        onChange(next -> part.set(of.apply(next)));
        return part;
    }
}
