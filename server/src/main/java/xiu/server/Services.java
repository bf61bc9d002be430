package xiu.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.transport.Service;

/** The running parts of the server: started one by one, stopped in reverse order. Confined to one thread. */
final class Services {
    private record Running(String name, Service service) {}

    private static final Logger log = LoggerFactory.getLogger(Services.class);

    private final Deque<Running> running = new ArrayDeque<>();

    /** Starts a service; one that fails counts as not started. */
    void start(String name, Service service) {
        service.start();
        running.push(new Running(name, service));
    }

    /** Stops all services, the latest first. One that fails or does not stop in time is logged and left. */
    void stop(long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!running.isEmpty()) {
            Running last = running.pop();
            try {
                CompletableFuture<Void> stopped = last.service().stop().toCompletableFuture();
                stopped.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                log.warn("event=service_stop_timeout service={}", last.name());
            } catch (ExecutionException | RuntimeException | Error e) {
                log.warn("event=service_stop_failed service={}", last.name(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
