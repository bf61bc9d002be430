package xiu.protocol.rtmp;

import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import xiu.protocol.rtmp.wire.ChunkLimits;
import xiu.stream.StreamKey;
import xiu.stream.StreamSink;
import xiu.stream.StreamSource;
import xiu.transport.EventLoops;
import xiu.transport.client.FarTrust;

/** Opens sources and sinks at other RTMP servers: {@code dialer::source} and {@code dialer::sink} are the factories. */
public final class RtmpDialer {
    private static final Times TIMES = new Times(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private final EventLoops loops;
    private final ChunkLimits limits;
    private final SslContext tls;
    private final Times times;

    /**
     * How long to wait for the far side.
     *
     * @param connect for its TCP answer
     * @param setup from then on until it lets us publish or play
     * @param stall for the next byte of what it sends
     */
    record Times(Duration connect, Duration setup, Duration stall) {}

    /**
     * A dialer that trusts the certificates that the Java platform trusts, and those of the settings' file.
     *
     * @throws xiu.transport.StartException when that file cannot be used
     */
    public RtmpDialer(EventLoops loops, RtmpSettings settings) {
        this(loops, settings.limits(), FarTrust.context(settings.relayCaFile()), TIMES);
    }

    RtmpDialer(EventLoops loops, RtmpLimits limits, SslContext tls, Times times) {
        this.loops = loops;
        this.limits = RtmpServer.limits(limits);
        this.tls = tls;
        this.times = times;
    }

    /** A stream to be fetched; see {@link StreamSource.Factory}. */
    public StreamSource source(StreamKey key, URI from, List<String> route) {
        return new RtmpPullSource(this, RtmpUrl.of(from), route);
    }

    /** A target that gets a stream; see {@link StreamSink.Factory}. */
    public StreamSink sink(StreamKey key, URI to, List<String> route) {
        return new RtmpPushSink(this, RtmpUrl.of(to), route);
    }

    EventLoops loops() {
        return loops;
    }

    ChunkLimits limits() {
        return limits;
    }

    SslContext tls() {
        return tls;
    }

    Times times() {
        return times;
    }
}
