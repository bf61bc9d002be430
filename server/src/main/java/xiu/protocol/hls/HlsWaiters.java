package xiu.protocol.hls;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import xiu.http.HttpExchange;

/** Requests for a playlist that does not exist yet; they are held for a while. Any thread. */
final class HlsWaiters {
    private static final int MOST = 10_000;
    /** The time of an exchange is longer by this much than that of its wait, which ends with a better answer. */
    private static final long SPARE_MILLIS = 5_000;

    private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();

    private final class Waiter {
        private final AtomicBoolean done = new AtomicBoolean();
        private final HttpExchange exchange;
        private final Runnable answer;

        private Waiter(HttpExchange exchange, Runnable answer) {
            this.exchange = exchange;
            this.answer = answer;
        }

        private void finish(boolean reply) {
            waiting.remove(this);
            if (done.compareAndSet(false, true) && reply) {
                exchange.step(answer);
            }
        }
    }

    /**
     * Holds a request until {@link #wake} or for so long.
     *
     * @param answer answers it then, on any thread; not called when the client goes
     * @return false when too many wait already
     */
    boolean hold(HttpExchange exchange, long millis, Runnable answer) {
        if (waiting.size() >= MOST) {
            return false;
        }
        Waiter waiter = new Waiter(exchange, answer);
        waiting.add(waiter);
        exchange.answerWithin(Duration.ofMillis(millis + SPARE_MILLIS));
        var loop = exchange.loop();
        loop.execute(() -> exchange.onAbandoned(() -> waiter.finish(false)));
        loop.schedule(() -> waiter.finish(true), millis, TimeUnit.MILLISECONDS);
        return true;
    }

    /** Answers all that wait. */
    void wake() {
        waiting.forEach(waiter -> waiter.finish(true));
    }

    /** How many wait. */
    int size() {
        return waiting.size();
    }
}
