package xiu.service.relay;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import xiu.transport.trouble.GuardedTask;

/** Brings what happened elsewhere to the relays' thread. */
final class RelayPost {
    private RelayPost() {}

    /** Runs {@code news} on {@code thread}; any thread. When the server has ended, nobody is left to be told. */
    static void tell(ExecutorService thread, Runnable news) {
        try {
            thread.execute(new GuardedTask("relay", news));
        } catch (RejectedExecutionException e) {
            if (!thread.isShutdown()) {
                throw e;
            }
        }
    }

    /** Does something with each relay; what one throws is not the others' concern. */
    static <T> void each(Collection<T> relays, Consumer<? super T> what) {
        for (T relay : List.copyOf(relays)) {
            new GuardedTask("relay", () -> what.accept(relay)).run();
        }
    }
}
