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
 * One buffer per event loop that all its connections read into, for protocols that have used what was read when the read
 * is over. It saves a buffer's coming and going per read, and stays in the processor's caches. A handler that keeps what
 * was read is safe all the same: while somebody holds the buffer, reads go elsewhere.
 */
public final class SharedReceiveBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
    /** As much as the kernel hands over at once as a rule, bytes. */
    private static final int BYTES = 64 << 10;

    private static final SharedReceiveBuffer INSTANCE = new SharedReceiveBuffer();
    // As old as the event loop: not for the leak detector, which counts what lives as long as a message.
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

    /** Has this channel read into the buffer of its loop; before its first read. Else it reads as it did. */
    public static void use(Channel channel) {
        // Not io_uring: there a connection holds its buffer until something comes. Not TLS: it keeps the part of a
        // record
        // that has come, and with it the whole buffer.
        boolean plain = channel.pipeline().get(SslHandler.class) == null;
        if (plain && (channel instanceof EpollSocketChannel || channel instanceof NioSocketChannel)) {
            channel.config().setRecvByteBufAllocator(INSTANCE);
        }
    }

    /** The buffer of the loop whose thread this is; borrowed. */
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
