package xiu.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import xiu.medialog.ByteChunk;

/**
 * The shortest way from the log to the kernel: one {@code send} of the log's own memory, past Netty's pipeline and
 * outbound buffer. Possible on epoll without TLS, while Netty itself has nothing to send. Confined to the channel's
 * event loop.
 */
final class DirectSocket {
    private final Socket socket;
    /**
     * Of the channel, and valid while that is open. Kept because asking the channel for it in each turn would load
     * several more cache lines.
     */
    private final ChannelOutboundBuffer outbound;

    private DirectSocket(Socket socket, ChannelOutboundBuffer outbound) {
        this.socket = socket;
        this.outbound = outbound;
    }

    /** The direct way of this channel, or null when it has none. */
    static @Nullable DirectSocket of(Channel channel) {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return channel instanceof EpollSocketChannel epoll
                        && epoll.fd() instanceof Socket socket
                        && outbound != null
                        && channel.pipeline().get(SslHandler.class) == null
                ? new DirectSocket(socket, outbound)
                : null;
    }

    /** Whether it is open and Netty has nothing left to send, so that bytes written now stand in order. */
    boolean idle() {
        return outbound.isEmpty() && socket.isOpen();
    }

    /**
     * Writes bytes {@code [from, to)} of {@code chunk}; borrows it.
     *
     * @return how many the kernel took; 0 when its buffer is full
     */
    int write(ByteChunk chunk, int from, int to) throws IOException {
        // send() and not write(): the kernel would first treat the descriptor as a file.
        return socket.sendAddress(chunk.address(), from, to);
    }
}
