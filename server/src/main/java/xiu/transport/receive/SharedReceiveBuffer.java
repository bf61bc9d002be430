package xiu.transport.receive;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * One buffer per event loop into which all its connections read, for protocols that are done with the bytes when the
 * read is over. It saves an allocation per read, and stays in the processor's caches. A handler that keeps what was
 * read is safe: while somebody holds the buffer, reads use others.
 */
public final class SharedReceiveBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
    /** As much as the kernel usually returns in one read, bytes. */
    private static final int BYTES = 64 << 10;

    private static final SharedReceiveBuffer INSTANCE = new SharedReceiveBuffer();
    // Lives as long as the event loop, so the leak detector must not count it.
    private static final ByteBufAllocator LASTING = new UnpooledByteBufAllocator(true, true);

    private static final FastThreadLocal<ByteBuf> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return LASTING.directBuffer(BYTES, BYTES);
        }

        @Override
        protected void onRemoval(ByteBuf buffer) {
            buffer.release();
        }
    };

    private SharedReceiveBuffer() {}

    /**
     * Makes this channel read into the buffer of its loop; before its first read. On other engines it reads as before.
     */
    public static void use(Channel channel) {
        // Not io_uring, where a connection holds its buffer until something comes. Not TLS, which keeps the part of a
        // record that has come, and with it the whole buffer.
        boolean plain = channel.pipeline().get(SslHandler.class) == null;
        if (plain && (channel instanceof EpollSocketChannel || channel instanceof NioSocketChannel)) {
            channel.config().setRecvByteBufAllocator(INSTANCE);
        }
    }

    /** The buffer of the event loop that calls this; borrowed. */
    static ByteBuf ofThisLoop() {
        return OF_LOOP.get();
    }

    @Override
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                ByteBuf shared = OF_LOOP.get();
                return shared.refCnt() == 1 ? shared.clear().retain() : super.allocate(allocator);
            }
        };
    }
}
