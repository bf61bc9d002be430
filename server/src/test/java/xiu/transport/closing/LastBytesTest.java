package xiu.transport.closing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import xiu.transport.ConnectionGate;
import xiu.transport.ConnectionLimits;
import xiu.transport.EventLoops;
import xiu.transport.IoEngine;
import xiu.transport.TcpListener;
import xiu.transport.TransportSettings;

@EnabledOnOs(OS.LINUX)
class LastBytesTest {
    private static final int MILLIS = 1_000;

    /** Far more than a client that reads nothing has room for. */
    private static final int BYTES = 4 << 20;

    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

    /** Bytes that the kernel holds to be sent from a port; the columns are those of {@code proc_net_tcp(5)}. */
    private static long unsent(int port) {
        String local = ":%04X".formatted(port);
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap(LastBytesTest::lines)
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns[1].endsWith(local))
                .mapToLong(columns -> Long.parseLong(columns[4].substring(0, 8), 16))
                .sum();
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theKernelForgetsWhatAClosedConnectionHadNotSentToAPeerThatReadsNothing() throws Exception {
        ConnectionLimits limits = ConnectionLimits.defaults();
        EventLoops loops =
                EventLoops.open(new TransportSettings(IoEngine.EPOLL, 1, 256 << 10, Duration.ofSeconds(10), limits));
        InetSocketAddress any = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        TcpListener listener = new TcpListener("test", any, loops, new ConnectionGate(limits), accepted::add);
        listener.start();
        int port = listener.address().getPort();
        try (Socket deaf = new Socket()) {
            deaf.setReceiveBufferSize(16 << 10);
            deaf.connect(listener.address());
            Channel channel = accepted.poll(10, TimeUnit.SECONDS);
            assertThat(channel).isNotNull();
            // The same with a time that a test can wait for.
            assertThat(channel.pipeline().get(LastBytes.class)).isNotNull();
            channel.pipeline().replace(LastBytes.class, "last bytes", new LastBytes(MILLIS));
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[BYTES]));
            await().until(() -> unsent(port) > 100_000);
            channel.close().sync();
            assertThat(unsent(port)).as("what the kernel goes on holding").isPositive();
            await().atMost(Duration.ofSeconds(20)).until(() -> unsent(port) == 0);
        } finally {
            loops.shutdown().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
