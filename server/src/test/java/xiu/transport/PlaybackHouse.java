package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import xiu.media.SampleFormat;
import xiu.media.SampleFrames;
import xiu.media.SampleMedia;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.SampleStreams;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.settings.StreamSettings;

/** A server on one event loop that plays one stream to whoever connects, and its publisher. */
final class PlaybackHouse implements AutoCloseable {
    static final int FRAME = 8_000;

    private final EventLoopGroup loops;
    private final Channel server;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
    private final StreamHub hub;
    /** May be replaced while somebody plays. */
    final Live<StreamSettings> settings;

    final Publication publication;
    final MediaStream stream;
    private long number;

    PlaybackHouse(IoEngine engine, UnaryOperator<SampleStreams.Changes> changes) {
        settings = Live.of(SampleStreams.settings(changes));
        hub = new StreamHub(settings, AccessPolicy.OPEN, timer);
        publication = hub.feed(new StreamKey("live", "test"), new SampleStreams.SamplePublisher("A", 1));
        stream = publication.stream();
        boolean epoll = engine == IoEngine.EPOLL;
        IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        loops = new LoopGroup("test", 1, factory);
        server = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .childOption(ChannelOption.SO_SNDBUF, 16 << 10)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Session(channel, stream));
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    /** One player's connection on the server. */
    final class Session extends ChannelInboundHandlerAdapter implements Playback.Listener {
        final Channel channel;
        final Playback playback;
        final List<EndReason> ended = new CopyOnWriteArrayList<>();

        private Session(Channel channel, MediaStream stream) {
            this.channel = channel;
            this.playback = new Playback(channel, stream, SampleFormat.ALL, this);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            playback.start();
            sessions.add(this);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            playback.stop();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        @Override
        public Peer peer() {
            return SampleStreams.peer("V", 1);
        }

        @Override
        public void onPlaybackEnded(EndReason reason) {
            ended.add(reason);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> channel.close());
        }

        /** Runs on the event loop and waits for it. */
        void run(Runnable task) throws InterruptedException, ExecutionException {
            channel.eventLoop().submit(task).get();
        }

        void awaitEnd(EndReason reason) {
            await().until(() -> !ended.isEmpty());
            assertThat(ended).containsExactly(reason);
        }
    }

    /** A player that reads only when told to. */
    static final class Player implements AutoCloseable {
        final SampleFrames frames = new SampleFrames();
        private final Socket socket = new Socket();
        private final byte[] buffer = new byte[64 << 10];
        long bytes;

        /** Reads some; false at the end. */
        boolean read() throws IOException {
            InputStream in = socket.getInputStream();
            int count = in.read(buffer);
            if (count > 0) {
                bytes += count;
                frames.accept(Unpooled.wrappedBuffer(buffer, 0, count));
            }
            return count >= 0;
        }

        void readUntil(long number) throws IOException {
            while (frames.newest() < number) {
                assertThat(read()).isTrue();
            }
        }

        void readToTheEnd() throws IOException {
            while (read()) {
                Thread.onSpinWait();
            }
            assertThat(frames.isComplete()).isTrue();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    Player connect() throws IOException {
        Player player = new Player();
        player.socket.setReceiveBufferSize(16 << 10);
        player.socket.setSoTimeout(10_000);
        player.socket.connect(
                new InetSocketAddress("127.0.0.1", ((InetSocketAddress) server.localAddress()).getPort()));
        return player;
    }

    /** The server's side of the player that connected last. */
    Session session() throws InterruptedException {
        Session session = sessions.poll(10, TimeUnit.SECONDS);
        assertThat(session).isNotNull();
        return session;
    }

    /** Publishes {@code count} frames of 40 ms; every {@code gop}-th since the beginning is a key frame. */
    void publish(int count, int gop) {
        for (int i = 0; i < count; i++, number++) {
            publication.write(SampleMedia.packet(SampleMedia.VIDEO, number * 40, number % gop == 0, number, FRAME / 8));
        }
    }

    /** The number of the frame that was published last. */
    long last() {
        return number - 1;
    }

    /** Ends the stream for good. */
    void goodbye() {
        publication.end(EndReason.GOODBYE);
    }

    StreamHub hub() {
        return hub;
    }

    @Override
    public void close() {
        hub.stop();
        await().until(() -> stream.viewerCount() == 0);
        server.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        timer.shutdownNow();
        assertThat(stream.memory()).isZero();
    }
}
