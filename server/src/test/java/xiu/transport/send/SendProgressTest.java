package xiu.transport.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.IoEngine;
import xiu.transport.StartException;
import xiu.transport.TcpListener;
import xiu.transport.TransportSettings;

class SendProgressTest {
    private static final int BYTES = 4 << 20;

    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

    private static EventLoops open(IoEngine engine) {
        ConnectionLimits limits = ConnectionLimits.defaults();
        try {
            return EventLoops.open(new TransportSettings(engine, 1, 256 << 10, Duration.ofSeconds(10), limits));
        } catch (StartException unavailable) {
            return Assumptions.abort("no " + engine + " here");
        }
    }

    private static boolean moved(Channel channel, SendProgress progress) throws Exception {
        return channel.eventLoop().submit(progress::moved).get(10, TimeUnit.SECONDS);
    }

    /** NIO's first look has nothing to compare with and has not tried to write yet. */
    private static boolean isStill(Channel channel, SendProgress progress) throws Exception {
        boolean first = moved(channel, progress);
        boolean second = moved(channel, progress);
        return !first && !second;
    }

    /** The kernel tells of room only when a third of its buffer is free, so Netty has written nothing yet. */
    @ParameterizedTest
    @EnumSource(IoEngine.class)
    void whatAPeerTakesIsSeenLongBeforeTheKernelWantsMore(IoEngine engine) throws Exception {
        EventLoops loops = open(engine);
        TcpListener listener = new TcpListener(
                "test",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                loops,
                new ConnectionGate(ConnectionLimits.defaults()),
                accepted::add);
        listener.start();
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(16 << 10);
            socket.connect(listener.address());
            Channel channel = accepted.poll(10, TimeUnit.SECONDS);
            assertThat(channel).isNotNull();
            SendProgress progress = SendProgress.of(channel);
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[BYTES]));
            await().pollDelay(Duration.ofMillis(300)).until(() -> isStill(channel, progress));
            assertThat(progress.unwritten()).isPositive();
            assertThat(moved(channel, progress)).isFalse();
            assertThat(progress.isInFlight()).isFalse();
            assertThat(socket.getInputStream().readNBytes(40_000)).hasSize(40_000);
            await().until(() -> moved(channel, progress));
        } finally {
            loops.shutdown().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
