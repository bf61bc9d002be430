package xiu.http.server;

import io.netty.channel.group.ChannelGroup;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import xiu.http.HttpCounters;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.http.http1.HttpPipeline;
import xiu.settings.Live;
import xiu.transport.ConnectionGate;
import xiu.transport.EventLoops;
import xiu.transport.Service;
import xiu.transport.TcpListener;

/** An HTTP server on one address, which answers by the routes of a router. */
public final class HttpServer implements Service {
    private static final int STOP_SECONDS = 3;

    private final TcpListener listener;
    private final HttpCounters counters;
    private final EventLoops loops;

    /** A plain server that does not listen yet and whose settings stay as they are; port 0 means any free one. */
    public HttpServer(
            InetSocketAddress address,
            EventLoops loops,
            ConnectionGate gate,
            HttpSettings settings,
            HttpRouter router) {
        this(TcpListener.Address.plain("http", address), loops, gate, Live.of(settings), router);
    }

    /** A server that does not listen yet; port 0 means any free one. */
    public HttpServer(
            TcpListener.Address address,
            EventLoops loops,
            ConnectionGate gate,
            Live<HttpSettings> settings,
            HttpRouter router) {
        this.loops = loops;
        HttpPipeline pipeline = new HttpPipeline(settings, router, gate::established);
        this.counters = pipeline.counters();
        this.listener = new TcpListener(address, loops, gate, pipeline::install);
    }

    /** How its requests were answered. */
    public HttpCounters counters() {
        return counters;
    }

    @Override
    public void start() {
        listener.start();
    }

    /** Where it listens, with the real port; only after {@link #start()}. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /**
     * Stops listening, lets answers in progress finish and closes the connections. Connections that were taken over are
     * ended by their owners; those that are still open after three seconds are closed.
     */
    @Override
    public CompletionStage<Void> stop() {
        return listener.stop().thenCompose(closed -> drain());
    }

    private CompletionStage<Void> drain() {
        ChannelGroup connections = listener.connections();
        connections.forEach(HttpPipeline::stop);
        CompletableFuture<Void> drained = new CompletableFuture<>();
        var late = loops.workers().schedule(() -> connections.close(), STOP_SECONDS, TimeUnit.SECONDS);
        connections.newCloseFuture().addListener(gone -> {
            late.cancel(false);
            drained.complete(null);
        });
        return drained;
    }
}
