package xiu.protocol.rtmp.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.slf4j.LoggerFactory;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.protocol.rtmp.address.RtmpUrl;
import xiu.protocol.rtmp.wire.ChunkLimits;
import xiu.protocol.rtmp.wire.ClientHandshakeHandler;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.settings.Live;
import xiu.stream.StreamKey;
import xiu.stream.StreamSink;
import xiu.stream.StreamSource;
import xiu.transport.EventLoops;
import xiu.transport.client.FarTrust;
import xiu.transport.client.HostConnector;
import xiu.transport.trouble.RareLines;

/** Opens sources and sinks at other RTMP servers: {@code dialer::source} and {@code dialer::sink} are the factories. */
public final class RtmpDialer {
    private static final Times TIMES = new Times(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private final Lines lines;
    private volatile ChunkLimits limits;
    private final FarTrust trust;
    private final Times times;
    private final RareLines troubles = new RareLines(LoggerFactory.getLogger(RtmpClient.class));

    /**
     * How long to wait for the far side.
     *
     * @param connect for its TCP answer
     * @param setup from then on until it lets us publish or play
     * @param stall for the next byte of what it sends
     */
    record Times(Duration connect, Duration setup, Duration stall) {}

    /** Where connections come from: the network, but for tests. */
    interface Lines {
        /** The loop of a new client and of all its connections. */
        EventLoop loop();

        /**
         * Begins to connect.
         *
         * @param failed told, on the loop, when nobody answers
         * @return gives up, or closes what is open
         */
        Runnable dial(RtmpUrl to, EventLoop loop, ChannelHandler pipeline, Consumer<Throwable> failed);
    }

    private record Tcp(EventLoops loops, FarTrust trust, Duration timeout) implements Lines {
        @Override
        public EventLoop loop() {
            return loops.workers().next();
        }

        @Override
        public Runnable dial(RtmpUrl to, EventLoop loop, ChannelHandler pipeline, Consumer<Throwable> failed) {
            Bootstrap bootstrap = loops.client()
                    .clone(loop)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                    .handler(pipeline);
            Runnable before = to.tls() ? trust::context : () -> {};
            HostConnector connector = new HostConnector(bootstrap, loop, to.host(), to.port(), before, failed);
            connector.start();
            return connector::close;
        }
    }

    /**
     * A dialer that trusts the certificates that the Java platform trusts, and those of the settings' file.
     *
     * @param settings limits that are replaced count for connections to come; the file is read once
     * @param unfinished memory for the unfinished messages of all connections, the server's and these
     * @throws xiu.transport.StartException when that file cannot be used
     */
    public RtmpDialer(EventLoops loops, Live<RtmpSettings> settings, MessageMemory unfinished) {
        this(
                loops,
                settings.now().limits().chunks().sharing(unfinished),
                FarTrust.of(settings.now().relayCaFile()),
                TIMES);
        settings.onChange(next -> limits = next.limits().chunks().sharing(unfinished));
    }

    RtmpDialer(EventLoops loops, RtmpLimits limits, FarTrust trust, Times times) {
        this(loops, limits.chunks(), trust, times);
    }

    private RtmpDialer(EventLoops loops, ChunkLimits limits, FarTrust trust, Times times) {
        this(new Tcp(loops, trust, times.connect()), limits, trust, times);
    }

    RtmpDialer(Lines lines, ChunkLimits limits, FarTrust trust, Times times) {
        this.lines = lines;
        this.limits = limits;
        this.trust = trust;
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

    Lines lines() {
        return lines;
    }

    ChunkLimits limits() {
        return limits;
    }

    /** Counts what far sides do wrong. */
    RareLines troubles() {
        return troubles;
    }

    /**
     * What a connection is made of.
     *
     * @param failed told when the far side speaks no RTMP, or no TLS
     */
    ChannelHandler pipeline(RtmpUrl to, RtmpLink.Owner owner, Consumer<Throwable> failed) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (to.tls()) {
                    channel.pipeline().addLast(trust.context().newHandler(channel.alloc(), to.host(), to.port()));
                }
                channel.pipeline()
                        .addLast(new ClientHandshakeHandler(
                                context -> channel.pipeline().addLast(new RtmpLink(limits, owner)), failed));
            }
        };
    }

    /** Why a connection failed, in a few words. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        boolean tls = false;
        while (cause.getCause() != null) {
            tls |= cause instanceof SSLException;
            cause = cause.getCause();
        }
        tls |= cause instanceof SSLException;
        return (tls ? "TLS: " : "") + (cause.getMessage() == null ? "closed" : cause.getMessage());
    }

    Times times() {
        return times;
    }
}
