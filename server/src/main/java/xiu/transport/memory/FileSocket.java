package xiu.transport.memory;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * A channel that files can be sent to, as parts of replies: epoll's, without TLS. io_uring would need two pipes for each
 * file, and what NIO does depends on the system. Confined to the channel's event loop.
 *
 * <p>When a file is to come, the kernel keeps what was written before it, a reply's head, until the file's first bytes
 * stand behind it (TCP_CORK). Else the head would be a packet of its own, and a wake-up of whoever receives it.
 */
public final class FileSocket {
    private final EpollSocketChannel channel;
    private boolean corked;

    private FileSocket(EpollSocketChannel channel) {
        this.channel = channel;
    }

    /** For this channel, in whose pipeline TLS already is if it will be; null when it takes no files. */
    public static @Nullable FileSocket of(Channel channel) {
        return channel instanceof EpollSocketChannel epoll && epoll.pipeline().get(SslHandler.class) == null
                ? new FileSocket(epoll)
                : null;
    }

    /** The message to write for these bytes of {@code bytes}, which is borrowed: a part of a file, or a slice. */
    public Object part(ByteBuf bytes, int from, int length) {
        if (length < SendableBuffers.LEAST_BYTES || !(bytes instanceof FileBuffer file)) {
            return bytes.retainedSlice(from, length);
        }
        cork(true);
        return file.region(from, length);
    }

    /** To be called after a flush: what the kernel has kept goes out. */
    public void flushed() {
        cork(false);
    }

    private void cork(boolean wanted) {
        if (wanted != corked && channel.isOpen()) {
            corked = wanted;
            channel.config().setTcpCork(wanted);
        }
    }
}
