package xiu.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import xiu.metrics.Registry;
import xiu.transport.send.SlowReaders;
import xiu.transport.trouble.Faults;

/**
 * The threads of all sockets: one that accepts, and one event loop per processor for everything else. The only class
 * that knows which {@link IoEngine} is used. Any thread.
 */
public final class EventLoops {
    // The completion queue of the default size overflows with some thousand sockets.
    private static final int RING_ENTRIES = 2048;
    private static final int COMPLETION_ENTRIES = 32_768;
    private static final int SHUTDOWN_SECONDS = 2;

    private final TransportSettings settings;
    private final IoEngine engine;
    private final EventLoopGroup acceptor;
    private final LoopGroup workers;
    private final SlowReaders slowReaders;

    private EventLoops(
            TransportSettings settings,
            IoEngine engine,
            SlowReaders slowReaders,
            EventLoopGroup acceptor,
            LoopGroup workers) {
        this.settings = settings;
        this.engine = engine;
        this.slowReaders = slowReaders;
        this.acceptor = acceptor;
        this.workers = workers;
    }

    /**
     * Starts the threads.
     *
     * @throws StartException when this machine lacks the engine that the settings name
     */
    public static EventLoops open(TransportSettings settings) {
        IoEngine engine = choose(settings.io());
        EventLoopGroup acceptor = threads("xiu-accept", 1, handlers(engine));
        LoopGroup workers = threads("xiu-loop", count(settings), handlers(engine));
        SlowReaders slow = new SlowReaders(settings.userTimeout());
        return new EventLoops(settings, engine, slow, acceptor, workers);
    }

    private static LoopGroup threads(String name, int count, IoHandlerFactory handlers) {
        return new LoopGroup(name, count, handlers);
    }

    private static int count(TransportSettings settings) {
        return settings.threads() == 0 ? Runtime.getRuntime().availableProcessors() : settings.threads();
    }

    private static IoEngine choose(IoEngine wanted) {
        return switch (wanted) {
            case AUTO -> Epoll.isAvailable() ? IoEngine.EPOLL : IoEngine.NIO;
            case EPOLL -> available(wanted, Epoll.unavailabilityCause());
            case IO_URING -> available(wanted, IoUring.unavailabilityCause());
            case NIO -> wanted;
        };
    }

    private static IoEngine available(IoEngine engine, @Nullable Throwable cause) {
        if (cause != null) {
            throw new StartException("transport.io: " + engine + " is not available on this machine ("
                    + cause.getMessage() + "; expected: one that is, or \"auto\")");
        }
        return engine;
    }

    private static IoHandlerFactory handlers(IoEngine engine) {
        return switch (engine) {
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING ->
                IoUringIoHandler.newFactory(
                        new IoUringIoHandlerConfig().setRingSize(RING_ENTRIES).setCqSize(COMPLETION_ENTRIES));
            case NIO, AUTO -> NioIoHandler.newFactory();
        };
    }

    /** The engine in use; never {@link IoEngine#AUTO}. */
    public IoEngine engine() {
        return engine;
    }

    /** The connections that are slow to take a reply. */
    public SlowReaders slowReaders() {
        return slowReaders;
    }

    /** The loops of all connections. */
    public EventLoopGroup workers() {
        return workers;
    }

    /** Registers what their loops and connections count. */
    public void register(Registry registry) {
        slowReaders.register(registry);
        Faults.register(registry);
        registry.gauge("xiu_event_loops", "Threads that serve connections", workers::executorCount);
        registry.counter(
                "xiu_fan_out_passes_total",
                "Times an event loop sent what is new to its viewers",
                () -> sum(FanOut::passes));
        registry.counter(
                "xiu_fan_out_turns_total", "Times a viewer had its turn in such a pass", () -> sum(FanOut::turns));
        registry.counters(
                "xiu_fan_out_busy_seconds_total",
                "Time that event loops have spent in such passes",
                List.of(),
                values -> values.add(sum(FanOut::busyNanos) / 1e9));
    }

    private long sum(ToLongFunction<FanOut> number) {
        return workers.fanOuts().stream().mapToLong(number).sum();
    }

    /** A bootstrap for listening, with the socket options of the settings; lacks the child handler. */
    ServerBootstrap server() {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptor, workers)
                .channel(serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true);
        if (settings.sendBuffer() > 0) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, (int) settings.sendBuffer());
        }
        return bootstrap.childAttr(SlowReaders.key(), slowReaders);
    }

    /** A bootstrap for dialling out, with the socket options of the settings; lacks the handler. */
    public Bootstrap client() {
        Bootstrap bootstrap =
                new Bootstrap().group(workers).channel(clientChannel()).option(ChannelOption.TCP_NODELAY, true);
        if (settings.sendBuffer() > 0) {
            bootstrap.option(ChannelOption.SO_SNDBUF, (int) settings.sendBuffer());
        }
        return bootstrap.attr(SlowReaders.key(), slowReaders);
    }

    private Class<? extends ServerChannel> serverChannel() {
        return switch (engine) {
            case EPOLL -> EpollServerSocketChannel.class;
            case IO_URING -> IoUringServerSocketChannel.class;
            case NIO, AUTO -> NioServerSocketChannel.class;
        };
    }

    private Class<? extends SocketChannel> clientChannel() {
        return switch (engine) {
            case EPOLL -> EpollSocketChannel.class;
            case IO_URING -> IoUringSocketChannel.class;
            case NIO, AUTO -> NioSocketChannel.class;
        };
    }

    /** Closes whatever is still open and ends the threads; completes when they are gone. */
    public CompletionStage<Void> shutdown() {
        return CompletableFuture.allOf(ended(acceptor), ended(workers));
    }

    private static CompletableFuture<Void> ended(EventLoopGroup group) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Future<?> termination = group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        termination.addListener(done -> ended.complete(null));
        return ended;
    }
}
