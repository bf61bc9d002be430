package xiu.protocol.rtmp.client;

import java.net.URI;
import java.util.List;
import org.slf4j.LoggerFactory;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.protocol.rtmp.address.RtmpUrl;
import xiu.protocol.rtmp.wire.ChunkLimits;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.settings.Live;
import xiu.stream.StreamKey;
import xiu.stream.relay.StreamSink;
import xiu.stream.relay.StreamSource;
import xiu.transport.EventLoops;
import xiu.transport.client.FarTrust;
import xiu.transport.trouble.RareLines;

/**
 * Opens sources and sinks at other RTMP servers: {@code dialer::source} and {@code dialer::sink} are the factories. Any
 * thread.
 */
public final class RtmpDialer {
    private final ClientContext context;
    private volatile ChunkLimits limits;

    /**
     * A dialer that trusts the certificates that the Java platform trusts, and those of the settings' file.
     *
     * @param settings limits that are replaced apply to later connections; the file is read once
     * @param unfinished memory for the unfinished messages of all connections, the server's and these
     * @throws xiu.transport.StartException when that file cannot be used
     */
    public RtmpDialer(EventLoops loops, Live<RtmpSettings> settings, MessageMemory unfinished) {
        this(
                loops,
                settings.now().limits().chunks().sharing(unfinished),
                FarTrust.of(settings.now().relayCaFile()),
                ClientTimes.DEFAULTS);
        settings.onChange(next -> limits = next.limits().chunks().sharing(unfinished));
    }

    RtmpDialer(EventLoops loops, RtmpLimits limits, FarTrust trust, ClientTimes times) {
        this(loops, limits.chunks(), trust, times);
    }

    private RtmpDialer(EventLoops loops, ChunkLimits limits, FarTrust trust, ClientTimes times) {
        this(new TcpNetwork(loops, trust, times.connect()), limits, trust, times);
    }

    RtmpDialer(ClientNetwork network, ChunkLimits limits, FarTrust trust, ClientTimes times) {
        RareLines troubles = new RareLines(LoggerFactory.getLogger(RtmpDialer.class));
        this.limits = limits;
        this.context = new ClientContext(network, () -> this.limits, trust, times, troubles);
    }

    ClientContext context() {
        return context;
    }

    /** A stream to fetch; see {@link StreamSource.Factory}. */
    public StreamSource source(StreamKey key, URI from, List<String> route) {
        return new RtmpPullSource(context, RtmpUrl.of(from), route);
    }

    /** A target that a stream is sent to; see {@link StreamSink.Factory}. */
    public StreamSink sink(StreamKey key, URI to, List<String> route) {
        return new RtmpPushSink(context, RtmpUrl.of(to), route);
    }
}
