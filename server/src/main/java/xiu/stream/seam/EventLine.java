package xiu.stream.seam;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Hands what happens to one thing on in the order in which it happened and outside all locks: events are added where the
 * thing changes, under its monitor, and delivered after that.
 */
public final class EventLine<E> {
    private final Consumer<? super E> listener;
    private final Queue<E> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();

    /** An empty line; {@code listener} must not throw. */
    public EventLine(Consumer<? super E> listener) {
        this.listener = listener;
    }

    /** It happened. */
    public void add(E event) {
        waiting.add(event);
    }

    /** Adds it and delivers what waits; outside all locks. */
    public void tell(E event) {
        add(event);
        deliver();
    }

    /** Delivers what waits; while another thread delivers, it does this one's events too. */
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
