package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventLoopsTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    /** What has begun with a connection ends with it, so its handlers must be told. */
    @ParameterizedTest
    @EnumSource(IoEngine.class)
    void connectionsAreClosedAlsoWhenALoopIsEndedInTheMiddleOfItsTasks(IoEngine engine) throws Exception {
        EventLoops loops;
        try {
            loops = EventLoops.open(new TransportSettings(engine, 1, 0, Duration.ZERO, ConnectionLimits.defaults()));
        } catch (StartException unavailable) {
            assertThat(engine).isEqualTo(IoEngine.IO_URING);
            return;
        }
        TcpListener listener = new TcpListener(
                "test", ANY_PORT, loops, new ConnectionGate(ConnectionLimits.defaults()), this::welcome);
        listener.start();
        try (Socket peer = new Socket(ANY_PORT.getAddress(), listener.address().getPort())) {
            peer.setSoTimeout((int) SOON.toMillis());
            Channel channel = accepted.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(channel).isNotNull();
            CompletableFuture<Void> ended = new CompletableFuture<>();
            // Behind its look at the sockets, before it asks whether it is over: the next look never comes.
            channel.eventLoop().execute(() -> loops.shutdown().thenRun(() -> ended.complete(null)));
            assertThat(ended).succeedsWithin(SOON);
            assertThat(told).containsExactly("inactive", "removed");
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    private void welcome(Channel channel) {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelInactive(ChannelHandlerContext context) {
                told.add("inactive");
            }

            @Override
            public void handlerRemoved(ChannelHandlerContext context) {
                told.add("removed");
            }
        });
        accepted.add(channel);
    }
}
