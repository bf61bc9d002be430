package xiu.server;

import io.netty.channel.EventLoop;
import io.netty.util.internal.PlatformDependent;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.http.HttpServer;
import xiu.protocol.hls.HlsService;
import xiu.protocol.httpflv.HttpFlvRoute;
import xiu.protocol.rtmp.RtmpDialer;
import xiu.protocol.rtmp.RtmpServer;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.service.auth.AuthSettings;
import xiu.service.auth.TokenPolicy;
import xiu.service.guard.MemoryGuard;
import xiu.service.relay.RelayPull;
import xiu.service.relay.RelayPush;
import xiu.stream.AccessPolicy;
import xiu.stream.StreamHub;
import xiu.transport.ConnectionGate;
import xiu.transport.EventLoops;
import xiu.transport.Service;
import xiu.transport.StartException;

/** The server: builds the parts, starts them in order, stops them in reverse. Safe for use by several threads. */
final class XiuServer {
    /** Peers get this long to be ended properly; the process ends within five seconds. */
    private static final long STOP_MILLIS = 4_000;

    private static final Logger log = LoggerFactory.getLogger(XiuServer.class);

    private final LoadedSettings loaded;
    private final ServerSettings settings;
    private final Services services = new Services();
    private final List<Endpoint> endpoints = new ArrayList<>();

    XiuServer(LoadedSettings loaded) {
        this.loaded = loaded;
        this.settings = loaded.settings();
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

    /** The architecture in one method: what there is, and who knows whom. */
    private void startParts() {
        EventLoops loops = EventLoops.open(settings.transport());
        services.start("loops", new Ending(loops::shutdown));
        EventLoop housekeeping = (EventLoop) loops.workers().next();
        ConnectionGate gate = new ConnectionGate(settings.transport().limits());
        AccessPolicy policy = policy(settings.auth());
        StreamHub hub = new StreamHub(settings.stream(), policy, housekeeping);

        List<HttpRoute> hls = List.of();
        LongSupplier segments = () -> 0;
        if (settings.hls().enabled()) {
            HlsService service = new HlsService(settings.hls(), hub, policy, loops.workers());
            hub.addListener(service);
            services.start("hls", service);
            hls = service.routes();
            segments = service::memory;
        }
        LongSupplier held = segments;
        LongSupplier used = () -> hub.memory() + held.getAsLong();
        services.start("guard", new MemoryGuard(hub, used, ceiling(), housekeeping));
        String nodeId = UUID.randomUUID().toString();
        MessageMemory unfinished = new MessageMemory(unfinished());
        startRelays(nodeId, hub, loops, housekeeping, unfinished);
        if (settings.rtmp().enabled()) {
            RtmpServer rtmp = new RtmpServer(
                    settings.rtmp(),
                    nodeId,
                    hub,
                    new RtmpServer.Network(loops, gate, settings.transport().limits(), unfinished));
            listen("rtmp", rtmp, rtmp::address);
        }
        startHttp(loops, gate, hub, hls);
        // The last to start is the first to stop: players and publishers are told before their listeners go.
        services.start("hub", new Ending(() -> {
            hub.stop();
            return CompletableFuture.completedFuture(null);
        }));
    }

    private void startRelays(
            String nodeId, StreamHub hub, EventLoops loops, EventLoop thread, MessageMemory unfinished) {
        RtmpDialer rtmp = new RtmpDialer(loops, settings.rtmp(), unfinished);
        RelayPull pull = new RelayPull(settings.relay().pull(), rtmp::source, hub, nodeId, thread);
        RelayPush push = new RelayPush(settings.relay().push(), rtmp::sink, nodeId, thread, pull::comesFrom);
        hub.addListener(push);
        services.start("relay.pull", pull);
        services.start("relay.push", push);
    }

    /** HTTP-FLV and HLS, on one listener where they have the same address. */
    private void startHttp(EventLoops loops, ConnectionGate gate, StreamHub hub, List<HttpRoute> hls) {
        List<HttpRoute> flv = settings.httpflv().enabled() ? List.of(new HttpFlvRoute(hub)) : List.of();
        InetSocketAddress flvAddress = settings.httpflv().listen();
        InetSocketAddress hlsAddress = settings.hls().listen();
        boolean shared = !flv.isEmpty() && !hls.isEmpty() && hlsAddress.getPort() != 0 && hlsAddress.equals(flvAddress);
        if (!flv.isEmpty()) {
            List<HttpRoute> routes = new ArrayList<>(flv);
            routes.addAll(shared ? hls : List.of());
            HttpServer http = http(flvAddress, loops, gate, routes);
            listen("httpflv", http, http::address);
        }
        if (shared) {
            endpoints.add(new Endpoint("hls", endpoints.getLast().address()));
        } else if (!hls.isEmpty()) {
            // Whoever fetches segments waits for seconds anyway, and asks often.
            HttpServer http = http(hlsAddress, loops.patient(), gate, hls);
            listen("hls", http, http::address);
        }
    }

    private HttpServer http(InetSocketAddress address, EventLoops loops, ConnectionGate gate, List<HttpRoute> routes) {
        return new HttpServer(address, loops, gate, settings.http(), new HttpRouter(routes));
    }

    private void listen(String protocol, Service service, Supplier<InetSocketAddress> bound) {
        try {
            services.start(protocol, service);
        } catch (StartException e) {
            String problem = String.valueOf(e.getMessage());
            throw new StartException(loaded.place(protocol + ".port") + problem.substring(problem.indexOf(": ")));
        }
        endpoints.add(new Endpoint(protocol, bound.get()));
    }

    private static AccessPolicy policy(AuthSettings auth) {
        boolean tokens =
                auth.rtmp().enabled() || auth.httpflv().enabled() || auth.hls().enabled();
        return tokens ? new TokenPolicy(auth) : AccessPolicy.OPEN;
    }

    private long ceiling() {
        long wanted = settings.stream().limits().memory();
        // The rest is for what is on its way in, and for the gaps that an allocator cannot close.
        return wanted > 0 ? wanted : PlatformDependent.maxDirectMemory() / 4 * 3;
    }

    private long unfinished() {
        long wanted = settings.rtmp().limits().unfinishedBytes();
        return wanted > 0 ? wanted : PlatformDependent.maxDirectMemory() / 8;
    }

    /** A part that needs no start. */
    private record Ending(Supplier<CompletionStage<Void>> end) implements Service {
        @Override
        public void start() {}

        @Override
        public CompletionStage<Void> stop() {
            return end.get();
        }
    }
}
