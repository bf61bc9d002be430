package xiu.stream;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hands what happens to one stream to the listeners, in the order in which it happened and outside all locks: events are
 * added where the stream changes, under its monitor, and delivered after that.
 */
final class EventLine {
    private final StreamListener listener;
    private final Queue<StreamEvent> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();

    EventLine(StreamListener listener) {
        this.listener = listener;
    }

    void add(StreamEvent event) {
        waiting.add(event);
    }

    /** Adds it and delivers what waits; outside all locks. */
    void tell(StreamEvent event) {
        add(event);
        deliver();
    }

    /** Delivers what waits; while another thread delivers, it does this one's events too. */
    void deliver() {
        if (calls.getAndIncrement() > 0) {
            return;
        }
        int served = 1;
        while (served > 0) {
            for (StreamEvent event = waiting.poll(); event != null; event = waiting.poll()) {
                listener.on(event);
            }
            served = calls.addAndGet(-served);
        }
    }
}
