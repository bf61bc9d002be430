package xiu.server;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.metrics.Registry;
import xiu.protocol.hls.HlsService;
import xiu.server.settings.ServerSettings;
import xiu.service.relay.PullRelays;
import xiu.service.relay.PushRelays;
import xiu.settings.Live;
import xiu.stream.StreamHub;
import xiu.transport.ConnectionGate;
import xiu.transport.EventLoops;

/**
 * The parts of a running server, for code that shows or changes them while it runs. Filled by {@link XiuServer}, which
 * alone starts and stops them. Which threads may use a part is documented at its class.
 *
 * @param nodeId its id among relays
 * @param settings its settings at the moment
 * @param metrics what its parts count
 * @param loops its event loops
 * @param gate counts its connections
 * @param hub its streams
 * @param hls null: HLS is off
 * @param pulls streams fetched from elsewhere
 * @param pushes streams carried elsewhere
 * @param endpoints what listens, in the order of the start
 */
record RunningServer(
        String nodeId,
        Live<ServerSettings> settings,
        Registry metrics,
        EventLoops loops,
        ConnectionGate gate,
        StreamHub hub,
        @Nullable HlsService hls,
        PullRelays pulls,
        PushRelays pushes,
        List<Endpoint> endpoints) {}
