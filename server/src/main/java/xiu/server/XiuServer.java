package xiu.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.transport.Service;
import xiu.transport.StartException;

/** The server: builds the parts, starts them in order, stops them in reverse. Safe for use by several threads. */
final class XiuServer {
    /** Peers get this long to be ended properly; the process ends within five seconds. */
    private static final long STOP_MILLIS = 4_000;

    private static final Logger log = LoggerFactory.getLogger(XiuServer.class);

    private final LoadedSettings loaded;
    private final Services services = new Services();
    private final List<Endpoint> endpoints = new ArrayList<>();

    XiuServer(LoadedSettings loaded) {
        this.loaded = loaded;
    }

    /**
     * Starts everything, or nothing.
     *
     * @throws StartException when a port is in use, or something else outside the server is in the way
     */
    synchronized void start() {
        try {
            startParts();
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
        for (Endpoint endpoint : endpoints) {
            log.info("listening protocol={} address={}", endpoint.protocol(), endpoint.where());
        }
    }

    /** Stops everything; within {@value #STOP_MILLIS} ms, whatever the peers do. */
    synchronized void stop() {
        services.stop(STOP_MILLIS);
        endpoints.clear();
    }

    /** What listens, in the order in which it started. */
    synchronized List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    private void startParts() {
        log.debug("settings={}", loaded.settings());
    }

    /**
     * Starts a part that listens.
     *
     * @param protocol the name of its table
     * @param wanted where it is configured to listen
     * @param service what serves it
     * @param bound where it listens, asked after its start
     */
    void listen(String protocol, InetSocketAddress wanted, Service service, Supplier<InetSocketAddress> bound) {
        try {
            services.start(protocol, service);
        } catch (StartException e) {
            throw e;
        } catch (RuntimeException e) {
            IOException cause = ioCause(e);
            if (cause == null) {
                throw e;
            }
            throw new StartException(bindProblem(protocol, wanted, String.valueOf(cause.getMessage())));
        }
        endpoints.add(new Endpoint(protocol, bound.get()));
    }

    private String bindProblem(String protocol, InetSocketAddress wanted, String reason) {
        String where = new Endpoint(protocol, wanted).where();
        String why = reason.contains("in use")
                ? "the port is in use by another program"
                : reason.contains("ermission denied")
                        ? "permission denied (ports below 1024 need a privilege)"
                        : reason.contains("annot assign") ? "this machine does not have the address" : reason;
        return loaded.place(protocol + ".port") + ": cannot listen on " + where + ": " + why;
    }

    private static @Nullable IOException ioCause(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof IOException io) {
                return io;
            }
        }
        return null;
    }
}
