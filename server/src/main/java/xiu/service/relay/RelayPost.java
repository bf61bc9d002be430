package xiu.service.relay;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import xiu.transport.trouble.GuardedTask;

/** Posts work to the relays' thread. */
final class RelayPost {
    private RelayPost() {}

    /** Runs {@code news} on {@code thread}; any thread. Dropped when the server has ended. */
    static void post(ExecutorService thread, Runnable news) {
        try {
            thread.execute(new GuardedTask("relay", news));
        } catch (RejectedExecutionException e) {
            if (!thread.isShutdown()) {
                throw e;
            }
        }
    }

    /** Does something with each relay, also with those that follow one for which it throws. */
    static <T> void each(Collection<T> relays, Consumer<? super T> what) {
        for (T relay : List.copyOf(relays)) {
            new GuardedTask("relay", () -> what.accept(relay)).run();
        }
    }
}
