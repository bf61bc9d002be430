package xiu.server;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.http.server.HttpServer;
import xiu.metrics.Registry;
import xiu.protocol.hls.HlsService;
import xiu.protocol.httpflv.HttpFlvRoute;
import xiu.protocol.httpts.HttpTsRoute;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.protocol.rtmp.client.RtmpDialer;
import xiu.protocol.rtmp.server.RtmpServer;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.server.settings.LoadedSettings;
import xiu.server.settings.ServerSettings;
import xiu.service.auth.TokenPolicy;
import xiu.service.relay.PullRelays;
import xiu.service.relay.PushRelays;
import xiu.service.relay.RelaySettings;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.StreamDirectory;
import xiu.stream.StreamHub;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.Service;
import xiu.transport.StartException;
import xiu.transport.TcpListener;
import xiu.transport.TransportSettings;
import xiu.transport.tls.BadCertificateException;
import xiu.transport.tls.CertificateWatch;
import xiu.transport.tls.Certificates;
import xiu.transport.tls.TlsEngine;
import xiu.transport.tls.TlsPort;
import xiu.transport.tls.TlsSettings;

/** The server: builds the parts, starts them in order, stops them in reverse. Safe for use by several threads. */
final class XiuServer {
    /** Peers are given this long for a proper end, so that the process ends within five seconds. */
    private static final long STOP_MILLIS = 4_000;

    private static final Logger log = LoggerFactory.getLogger(XiuServer.class);

    private final LoadedSettings loaded;
    private final Live<ServerSettings> settings;
    private final Services services = new Services();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private @Nullable RunningServer running;

    XiuServer(LoadedSettings loaded) {
        this.loaded = loaded;
        this.settings = Live.of(loaded.settings());
    }

    /**
     * Starts everything, or nothing.
     *
     * @throws StartException when a port is in use, or something else outside the server is in the way
     */
    synchronized void start() {
        try {
            running = startParts();
        } catch (RuntimeException | Error e) {
            stop();
            throw e;
        }
        for (Endpoint endpoint : endpoints) {
            if (endpoint.tls()) {
                log.info("event=listening protocol={} tls=true address={}", endpoint.protocol(), endpoint.where());
            } else {
                log.info("event=listening protocol={} address={}", endpoint.protocol(), endpoint.where());
            }
        }
    }

    /** Stops everything; within {@value #STOP_MILLIS} ms, whatever the peers do. */
    synchronized void stop() {
        running = null;
        services.stop(STOP_MILLIS);
        endpoints.clear();
    }

    /** What listens, in the order of the start. */
    synchronized List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    /** Its settings, which can be replaced here while it runs. */
    Live<ServerSettings> settings() {
        return settings;
    }

    /** Its parts, or null while it does not run. */
    synchronized @Nullable RunningServer running() {
        return running;
    }

    /** The architecture in one method: what there is, and who knows whom. */
    private RunningServer startParts() {
        EventLoops loops = EventLoops.open(settings.now().transport());
        services.start("loops", new Ending(loops::shutdown));
        EventLoop housekeeping = (EventLoop) loops.workers().next();
        Live<ConnectionLimits> limits = settings.part(ServerSettings::transport).part(TransportSettings::limits);
        ConnectionGate gate = new ConnectionGate(limits);
        AccessPolicy policy = new TokenPolicy(settings.part(ServerSettings::auth));
        StreamHub hub =
                new StreamHub(settings.part(ServerSettings::stream), policy, StreamDirectory.LOCAL, housekeeping);
        Registry metrics = ServerMetrics.of(loops, gate, hub);
        HlsService hls = startHls(hub, policy, loops, metrics);
        MediaMemory memory = new MediaMemory(settings, metrics);
        services.start("guard", memory.guard(loops, hub, hls, housekeeping));
        Live<RtmpSettings> rtmp = settings.part(ServerSettings::rtmp);
        MessageMemory unfinished = memory.unfinished(rtmp);
        String nodeId = UUID.randomUUID().toString();
        RtmpDialer dialer = new RtmpDialer(loops, rtmp, unfinished);
        Live<RelaySettings> relays = settings.part(ServerSettings::relay);
        PullRelays pulls = new PullRelays(relays.part(RelaySettings::pull), dialer::source, hub, nodeId, housekeeping);
        PushRelays pushes =
                new PushRelays(relays.part(RelaySettings::push), dialer::sink, nodeId, housekeeping, pulls::comesFrom);
        hub.addListener(pushes);
        ServerMetrics.relays(metrics, pulls, pushes);
        services.start("relay.pull", pulls);
        services.start("relay.push", pushes);
        Certificates certificates = startTls(limits, housekeeping);
        if (rtmp.now().enabled()) {
            List<TcpListener.Address> addresses = addresses(
                    "rtmp", rtmp.now().listen(), settings.now().tlsPorts().rtmp(), certificates);
            RtmpServer.Network network = new RtmpServer.Network(loops, gate, limits, unfinished);
            RtmpServer server = new RtmpServer(addresses, rtmp, nodeId, hub, network);
            listen("rtmp", addresses, server, server::addresses);
        }
        startHttp(httpParts(hub, hls, certificates), loops, gate, metrics);
        // Started last, so stopped first: the hub ends players and publishers before their listeners are closed.
        services.start("hub", new Ending(() -> stopped(hub)));
        return new RunningServer(
                nodeId, settings, metrics, loops, gate, hub, hls, pulls, pushes, List.copyOf(endpoints));
    }

    private static CompletionStage<Void> stopped(StreamHub hub) {
        hub.stop();
        return CompletableFuture.completedFuture(null);
    }

    /** Null: nothing speaks TLS. */
    private @Nullable Certificates startTls(Live<ConnectionLimits> limits, EventLoop housekeeping) {
        Live<TlsSettings> tls = settings.part(ServerSettings::tls);
        if (!settings.now().tlsPorts().any()) {
            return null;
        }
        try {
            Clock clock = Clock.systemUTC();
            Certificates certificates = new Certificates(
                    TlsEngine.best(),
                    Certificates.read(tls.now(), clock.instant()),
                    () -> limits.now().handshakeTimeout());
            services.start("tls", new CertificateWatch(tls, certificates, housekeeping, clock));
            return certificates;
        } catch (BadCertificateException e) {
            // The settings have been checked: it has become so in this moment.
            throw new StartException("tls: " + e.getMessage());
        }
    }

    /** The plain address of a protocol, unless it is closed, and that for TLS, if there is one. */
    private static List<TcpListener.Address> addresses(
            String protocol,
            InetSocketAddress plain,
            TlsPort tls,
            @Nullable Certificates certificates,
            String... inside) {
        List<TcpListener.Address> addresses = new ArrayList<>();
        if (tls.leavesPlain()) {
            addresses.add(TcpListener.Address.plain(protocol, plain));
        }
        if (tls.enabled() && certificates != null) {
            addresses.add(new TcpListener.Address(protocol + ".tls", tls.listen(), certificates.speaking(inside)));
        }
        return addresses;
    }

    private @Nullable HlsService startHls(StreamHub hub, AccessPolicy policy, EventLoops loops, Registry metrics) {
        if (!settings.now().hls().enabled()) {
            return null;
        }
        HlsService hls = new HlsService(settings.part(ServerSettings::hls), hub, policy, loops.workers());
        settings.part(ServerSettings::auth).onChange(next -> hls.decideAgain());
        hub.addListener(hls);
        services.start("hls", hls);
        hls.register(metrics);
        return hls;
    }

    /** HTTP-FLV with HTTP-TS, and HLS. */
    private List<HttpParts.Part> httpParts(
            StreamHub hub, @Nullable HlsService hls, @Nullable Certificates certificates) {
        ServerSettings now = settings.now();
        List<HttpParts.Part> parts = new ArrayList<>();
        if (now.httpflv().enabled()) {
            List<HttpRoute> routes = List.of(HttpFlvRoute.of(hub), HttpTsRoute.of(hub));
            addresses("httpflv", now.httpflv().listen(), now.tlsPorts().httpflv(), certificates, "http/1.1")
                    .forEach(address -> parts.add(new HttpParts.Part("httpflv", address, routes)));
        }
        if (hls != null) {
            // After HTTP-FLV, so before it where both know a path: numbered segments look like streams of /app/stream.
            addresses("hls", now.hls().listen(), now.tlsPorts().hls(), certificates, "http/1.1")
                    .forEach(address -> parts.add(new HttpParts.Part("hls", address, hls.routes())));
        }
        return parts;
    }

    /** One listener for those that have the same address. */
    private void startHttp(List<HttpParts.Part> parts, EventLoops loops, ConnectionGate gate, Registry metrics) {
        Live<HttpSettings> limits = settings.part(ServerSettings::http);
        for (List<HttpParts.Part> sharing : HttpParts.byListener(parts)) {
            HttpParts.Part first = sharing.getFirst();
            HttpRouter router = new HttpRouter(HttpParts.routes(sharing));
            HttpServer http = new HttpServer(first.address(), loops, gate, limits, router);
            http.counters().register(metrics, first.address().name());
            listen(first.protocol(), List.of(first.address()), http, () -> List.of(http.address()));
            for (HttpParts.Part other : sharing.subList(1, sharing.size())) {
                endpoints.add(new Endpoint(
                        other.protocol(), http.address(), other.address().security() != null));
            }
        }
    }

    private void listen(
            String protocol,
            List<TcpListener.Address> addresses,
            Service service,
            Supplier<List<InetSocketAddress>> bound) {
        try {
            services.start(protocol, service);
        } catch (StartException e) {
            // A listener says its name first.
            String problem = String.valueOf(e.getMessage());
            int colon = problem.indexOf(": ");
            throw new StartException(loaded.place(problem.substring(0, colon) + ".port") + problem.substring(colon));
        }
        for (int i = 0; i < addresses.size(); i++) {
            endpoints.add(
                    new Endpoint(protocol, bound.get().get(i), addresses.get(i).security() != null));
        }
    }

    /** A part that is running when it is made, and only has an end. */
    private record Ending(Supplier<CompletionStage<Void>> end) implements Service {
        @Override
        public void start() {}

        @Override
        public CompletionStage<Void> stop() {
            return end.get();
        }
    }
}
