package xiu.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The shortest way from the log to the kernel: one {@code write} of the log's own memory, past Netty's pipeline and
 * outbound buffer. Possible on epoll without TLS, while Netty itself has nothing to send. Confined to the channel's
 * event loop.
 */
final class DirectSocket {
    private final Channel channel;
    private final FileDescriptor socket;

    private DirectSocket(Channel channel, FileDescriptor socket) {
        this.channel = channel;
        this.socket = socket;
    }

    /** The direct way of this channel, or null when it has none. */
    static @Nullable DirectSocket of(Channel channel) {
        return channel instanceof EpollSocketChannel epoll && channel.pipeline().get(SslHandler.class) == null
                ? new DirectSocket(channel, epoll.fd())
                : null;
    }

    /** Whether Netty has nothing left to send, so that bytes written now stand in order. */
    boolean idle() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound != null && outbound.isEmpty();
    }

    /**
     * Writes bytes {@code [from, to)} of {@code bytes}; borrows it.
     *
     * @return how many the kernel took; 0 when its buffer is full
     */
    int write(ByteBuf bytes, int from, int to) throws IOException {
        return bytes.hasMemoryAddress()
                ? socket.writeAddress(bytes.memoryAddress(), from, to)
                : socket.write(bytes.nioBuffer(from, to - from), 0, to - from);
    }
}
