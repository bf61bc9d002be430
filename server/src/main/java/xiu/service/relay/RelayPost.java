package xiu.service.relay;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/** Brings what happened elsewhere to the relays' thread. */
final class RelayPost {
    private RelayPost() {}

    /** Runs {@code news} on {@code thread}; any thread. When the server has ended, nobody is left to be told. */
    static void tell(ExecutorService thread, Runnable news) {
        try {
            thread.execute(news);
        } catch (RejectedExecutionException e) {
            if (!thread.isShutdown()) {
                throw e;
            }
        }
    }
}
