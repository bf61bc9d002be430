package xiu.transport.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
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
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
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

    /** An engine that finds nothing, and says when it looked. */
    private static final class Idle implements IoHandler {
        private volatile long looked;

        @Override
        public int run(IoHandlerContext context) {
            looked = System.nanoTime();
            return 0;
        }

        @Override
        public IoRegistration register(IoHandle handle) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void wakeup() {}

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return false;
        }
    }

    /** A loop that has no task; {@code delay}: until its next timer, ns. */
    private record Loop(boolean canBlock, long delay) implements IoHandlerContext {
        @Override
        public long delayNanos(long now) {
            return delay;
        }

        @Override
        public long deadlineNanos() {
            return System.nanoTime() + delay;
        }
    }

    private static Patience used() {
        Patience patience = new Patience();
        patience.begin(0);
        for (int i = 1; i <= 100; i++) {
            patience.looked(i * Patience.LONGEST / 10, 1);
        }
        return patience;
    }

    /** How long it takes to look, ms. */
    private static long look(Loop loop) {
        Idle engine = new Idle();
        PatientIoHandler handler = new PatientIoHandler(engine, used());
        handler.initialize();
        long began = System.nanoTime();
        handler.run(loop);
        return TimeUnit.NANOSECONDS.toMillis(engine.looked - began);
    }

    @Test
    void onlySocketsWait() {
        long day = TimeUnit.DAYS.toNanos(1);
        assertThat(look(new Loop(true, day))).isGreaterThan(30);
        assertThat(Stream.generate(() -> look(new Loop(false, day))).limit(20))
                .as("a task is there")
                .anyMatch(millis -> millis < 5);
        assertThat(Stream.generate(() -> look(new Loop(true, 0))).limit(20))
                .as("a timer has run out")
                .anyMatch(millis -> millis < 5);
    }

    @Test
    void aTaskOfAnotherThreadEndsTheWait() throws Exception {
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Idle engine = new Idle();
            PatientIoHandler handler = new PatientIoHandler(engine, used());
            Thread thread = Thread.ofPlatform().start(() -> {
                handler.initialize();
                handler.run(new Loop(true, TimeUnit.DAYS.toNanos(1)));
            });
            while (LockSupport.getBlocker(thread) != handler && thread.isAlive()) {
                Thread.onSpinWait();
            }
            long woken = System.nanoTime();
            handler.wakeup();
            thread.join();
            took.add(TimeUnit.NANOSECONDS.toMillis(engine.looked - woken));
        }
        // Were it not so, each would take the rest of its forty.
        assertThat(took.stream().filter(millis -> millis < 5)).hasSizeGreaterThan(2);
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
