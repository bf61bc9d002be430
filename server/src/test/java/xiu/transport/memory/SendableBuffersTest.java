package xiu.transport.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import xiu.check.MemoryFiles;

/** Files in memory: what is in them, how many there are, and that they go. */
@EnabledOnOs(OS.LINUX)
class SendableBuffersTest {
    private static final int SIZE = 100_001;

    private final SendableBuffers sendable = new SendableBuffers(() -> 2 * 8);
    private final ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(SIZE);

    /** A channel made by hand, before any loop, does not do so itself. */
    @BeforeAll
    static void loadTheEngine() {
        Epoll.ensureAvailability();
    }

    @BeforeEach
    void fill() {
        byte[] noise = new byte[SIZE];
        new Random(1).nextBytes(noise);
        bytes.writeBytes(noise);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(bytes.refCnt()).isEqualTo(1);
        bytes.release();
        assertThat(sendable.open()).isZero();
        assertThat(MemoryFiles.open()).isZero();
        assertThat(MemoryFiles.mapped()).isZero();
    }

    /** The first copy, once it is known that there can be any. */
    private ByteBuf first() {
        return await().until(() -> sendable.copy(bytes), copy -> copy != null);
    }

    @Test
    void aCopyIsTheSameBytesInAFileOfItsOwn() throws IOException {
        bytes.readerIndex(1);
        ByteBuf copy = first();
        assertThat(ByteBufUtil.equals(copy, bytes)).isTrue();
        assertThat(copy.isDirect()).isTrue();
        assertThat(copy.maxWritableBytes()).isZero();
        assertThat(sendable.open()).isEqualTo(1);
        // One descriptor, not that of memfd_create and that of the channel.
        assertThat(MemoryFiles.open()).isEqualTo(1);
        assertThat(MemoryFiles.mapped()).isEqualTo(1);
        copy.release();
    }

    /** Loading and linking what it needs takes tens of milliseconds, which no event loop has. */
    @Test
    void nobodyWaitsUntilItIsKnownWhetherItWorks() throws Exception {
        Object[] found = {null};
        SendableBuffers asked = new SendableBuffers(() -> {
            synchronized (found) {
                found[0] = Thread.currentThread();
            }
            return 16;
        });
        synchronized (found) {
            assertThat(asked.copy(bytes)).isNull();
            assertThat(asked.copy(bytes)).isNull();
        }
        await().until(() -> {
            ByteBuf copy = asked.copy(bytes);
            return copy != null && copy.release();
        });
        assertThat(found[0]).isNotNull().isNotSameAs(Thread.currentThread());
    }

    @Test
    void filesAreAtMostAnEighthOfTheDescriptors() {
        ByteBuf one = first();
        ByteBuf two = sendable.copy(bytes);
        assertThat(two).isNotNull();
        assertThat(sendable.copy(bytes)).isNull();
        assertThat(sendable.open()).isEqualTo(2);
        one.release();
        ByteBuf three = sendable.copy(bytes);
        assertThat(three).isNotNull();
        two.release();
        three.release();
    }

    @Test
    void aPartHoldsTheFileUntilItIsSent() throws IOException {
        ByteBuf copy = first();
        EpollSocketChannel plain = new EpollSocketChannel();
        FileSocket socket = FileSocket.of(plain);
        FileRegion part = (FileRegion) socket.part(copy, 1000, 90_000);
        FileRegion other = (FileRegion) socket.part(copy, 0, SIZE);
        copy.release();
        other.release();
        assertThat(sendable.open()).isEqualTo(1);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        while (part.transferred() < part.count()) {
            part.transferTo(Channels.newChannel(sent), part.transferred());
        }
        assertThat(sent.toByteArray()).isEqualTo(ByteBufUtil.getBytes(bytes, 1000, 90_000));
        part.release();
        plain.unsafe().closeForcibly();
    }

    @Test
    void onlyPlainEpollSocketsTakeFiles() throws Exception {
        ByteBuf copy = first();
        assertThat(takesFiles(new EpollSocketChannel(), copy)).isTrue();
        assertThat(takesFiles(new NioSocketChannel(), copy)).isFalse();
        assertThat(takesFiles(new EmbeddedChannel(), copy)).isFalse();
        EpollSocketChannel secret = new EpollSocketChannel();
        secret.pipeline().addLast(SslContextBuilder.forClient().build().newHandler(secret.alloc()));
        assertThat(takesFiles(secret, copy)).isFalse();
        copy.release();
    }

    private boolean takesFiles(Channel to, ByteBuf copy) {
        FileSocket socket = FileSocket.of(to);
        if (socket != null) {
            Object part = socket.part(copy, 0, SIZE);
            assertThat(part).isInstanceOf(FileRegion.class);
            ReferenceCountUtil.release(part);
            // Parts of what is no file, and small parts, are slices.
            for (Object slice : new Object[] {socket.part(bytes, 0, SIZE), socket.part(copy, 0, 10_000)}) {
                assertThat(((ByteBuf) slice).getByte(0)).isEqualTo(bytes.getByte(0));
                ReferenceCountUtil.release(slice);
            }
        }
        to.unsafe().closeForcibly();
        return socket != null;
    }

    @Test
    void whatStandsBeforeAFileWaitsForIt() {
        ByteBuf copy = first();
        EpollSocketChannel plain = new EpollSocketChannel();
        FileSocket socket = FileSocket.of(plain);
        ReferenceCountUtil.release(socket.part(copy, 0, 10_000));
        assertThat(plain.config().isTcpCork()).isFalse();
        ReferenceCountUtil.release(socket.part(copy, 0, SIZE));
        assertThat(plain.config().isTcpCork()).isTrue();
        socket.flushed();
        assertThat(plain.config().isTcpCork()).isFalse();
        copy.release();
        plain.unsafe().closeForcibly();
        // Closed meanwhile: nothing to be done.
        ReferenceCountUtil.release(socket.part(bytes.retain(), 0, SIZE));
        bytes.release();
        socket.flushed();
    }

    @Test
    void smallOnesAreNotCopied() {
        first().release();
        bytes.writerIndex(32 * 1024 - 1);
        assertThat(sendable.copy(bytes)).isNull();
        assertThat(sendable.isWorthwhile(SIZE)).isTrue();
        assertThat(sendable.isWorthwhile(32 * 1024 - 1)).isFalse();
    }

    @Test
    void whereItDoesNotWorkThereAreNoCopies() {
        SendableBuffers none = new SendableBuffers(() -> {
            throw new IllegalStateException("planted");
        });
        assertThat(none.copy(bytes)).isNull();
        await().until(() -> !none.isWorthwhile(SIZE));
        assertThat(none.copy(bytes)).isNull();
        assertThat(none.open()).isZero();
    }

    @Test
    void aPartIsAsLargeAsItIs() {
        ByteBuf copy = first();
        EpollSocketChannel plain = new EpollSocketChannel();
        Object part = FileSocket.of(plain).part(copy, 1, 50_000);
        assertThat(RegionSizes.INSTANCE.newHandle().size(part)).isEqualTo(50_000);
        assertThat(RegionSizes.INSTANCE.newHandle().size(bytes)).isEqualTo(SIZE);
        ReferenceCountUtil.release(part);
        copy.release();
        plain.unsafe().closeForcibly();
    }

    @Test
    void theLimitIsWhatLinuxSays() {
        String header = "Limit                     Soft Limit           Hard Limit           Units     \n"
                + "Max processes             96000                96000                processes \n";
        String files = "Max open files            %s              1048576              files     \n";
        assertThat(DescriptorLimit.read(header + files.formatted("20000"))).isEqualTo(20_000);
        assertThat(DescriptorLimit.read(header + files.formatted("unlimited"))).isEqualTo(Integer.MAX_VALUE);
        assertThat(DescriptorLimit.read(header)).isEqualTo(DescriptorLimit.USUAL);
        assertThat(DescriptorLimit.read(header + files.formatted("99999999999")))
                .isEqualTo(DescriptorLimit.USUAL);
        assertThat(DescriptorLimit.ofProcess()).isPositive();
    }
}
