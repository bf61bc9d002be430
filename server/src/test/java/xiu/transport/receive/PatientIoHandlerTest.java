package xiu.transport.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that echoes bytes, on a patient loop, over real sockets. */
class PatientIoHandlerTest {
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, PatientIoHandler.around(NioIoHandler.newFactory()));
    private final Socket client = new Socket();
    private Channel server = new EmbeddedChannel();

    @BeforeEach
    void start() throws IOException {
        server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        WaitingOutput.watch(channel);
                        channel.pipeline().addLast(new Echo());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        client.setTcpNoDelay(true);
        client.setSoTimeout(10_000);
        client.connect(server.localAddress());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        assertThat(loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(10_000))
                .isTrue();
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush((ByteBuf) message);
        }
    }

    private static long millis(long began) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    /** Asks again and again, each time when the answer is there. */
    private void ask(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            client.getOutputStream().write(i);
            assertThat(client.getInputStream().read()).isEqualTo(i & 0xFF);
        }
    }

    @Test
    void whoAsksOftenIsAnsweredInGroups() throws Exception {
        long began = System.nanoTime();
        ask(200);
        // One client cannot ask again before it is answered, so the wait sets the pace: 200 at the speed of the
        // machine would be done in some milliseconds.
        assertThat(millis(began)).isGreaterThan(200);
    }

    @Test
    void tasksDoNotWait() throws Exception {
        ask(200);
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            // The loop has just answered, and would stand still for some milliseconds.
            ask(1);
            long began = System.nanoTime();
            loop.submit(() -> {}).get(10, TimeUnit.SECONDS);
            took.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began));
        }
        took.sort(null);
        assertThat(took.get(2)).as("µs, of the quickest").isLessThan(2_000);
    }

    @Test
    void theEndOfALoopDoesNotWait() throws Exception {
        ask(200);
        server.close().sync();
        long began = System.nanoTime();
        assertThat(loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(10_000))
                .isTrue();
        assertThat(millis(began)).isLessThan(5_000);
    }
}
