package xiu.transport.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.IoEngine;
import xiu.transport.TcpListener;
import xiu.transport.TransportSettings;

/** On real sockets: what the kernel makes of it. */
class ReceiveMarkTest {
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final EventLoops loops = EventLoops.open(
            new TransportSettings(IoEngine.EPOLL, 1, 0, Duration.ofSeconds(10), ConnectionLimits.defaults()));
    private final TcpListener listener = new TcpListener(
            "test",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            loops,
            new ConnectionGate(ConnectionLimits.defaults()),
            channel -> {
                channel.pipeline().addLast(new Reader());
                accepted.add(channel);
            });
    private final Socket client = new Socket();
    private Channel channel = new EmbeddedChannel();

    private final class Reader extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            seen.add(bytes.readableBytes() + " bytes");
            bytes.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            seen.add("end");
        }
    }

    @BeforeEach
    void connect() throws Exception {
        listener.start();
        client.setTcpNoDelay(true);
        client.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), listener.address().getPort()));
        channel = Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        assertThat(listener.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(loops.shutdown().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
    }

    private void mark(int bytes) {
        ReceiveMark mark = Objects.requireNonNull(ReceiveMark.of(channel));
        assertThat(channel.eventLoop().submit(() -> mark.set(bytes)).awaitUninterruptibly(10_000))
                .isTrue();
    }

    private void send(int bytes) throws IOException {
        client.getOutputStream().write(new byte[bytes]);
    }

    private String next() throws InterruptedException {
        return String.valueOf(seen.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void whatIsLessThanTheMarkIsReadTogetherWithTheRest() throws Exception {
        mark(1_000);
        send(999);
        send(500);
        assertThat(next()).as("not 999").isEqualTo("1499 bytes");
    }

    @Test
    void loweringItReadsWhatIsThere() throws Exception {
        mark(1_000);
        send(300);
        ReceiveMark mark = Objects.requireNonNull(ReceiveMark.of(channel));
        channel.eventLoop().execute(() -> {
            mark.set(2_000);
            mark.set(1);
        });
        assertThat(next()).isEqualTo("300 bytes");
    }

    @Test
    void theEndIsAlwaysNoticed() throws Exception {
        mark(1_000);
        send(300);
        client.close();
        assertThat(next()).isEqualTo("300 bytes");
        assertThat(next()).isEqualTo("end");
    }

    @Test
    void aClosedConnectionHasNoneAndNobodyCares() throws Exception {
        ReceiveMark mark = Objects.requireNonNull(ReceiveMark.of(channel));
        channel.close().awaitUninterruptibly();
        mark.set(1_000);
        assertThat(next()).isEqualTo("end");
    }

    @Test
    void otherEnginesHaveNone() {
        assertThat(ReceiveMark.of(new EmbeddedChannel())).isNull();
    }
}
