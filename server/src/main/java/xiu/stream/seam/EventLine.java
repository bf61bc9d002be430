package xiu.stream.seam;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Delivers the events of one thing in the order in which they happened and outside all locks: they are added under the
 * thing's monitor, where it changes, and delivered after that.
 */
public final class EventLine<E> {
    private final Consumer<? super E> listener;
    private final Queue<E> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();

    /** An empty line; {@code listener} must not throw. */
    public EventLine(Consumer<? super E> listener) {
        this.listener = listener;
    }

    /** Adds an event. */
    public void add(E event) {
        waiting.add(event);
    }

    /** Adds an event and delivers what waits; outside all locks. */
    public void post(E event) {
        add(event);
        deliver();
    }

    /** Delivers what waits. While another thread delivers, that one delivers these events, too. */
    public void deliver() {
        if (calls.getAndIncrement() > 0) {
            return;
        }
        int served = 1;
        while (served > 0) {
            for (E event = waiting.poll(); event != null; event = waiting.poll()) {
                listener.accept(event);
            }
            served = calls.addAndGet(-served);
        }
    }
}
