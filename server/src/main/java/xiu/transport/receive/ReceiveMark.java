package xiu.transport.receive;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes must have come before a socket wakes its event loop (SO_RCVLOWAT, socket(7)): 1 at first. The end of
 * the connection always wakes it. Confined to the channel's event loop.
 */
public final class ReceiveMark {
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVLOWAT = 18;
    private static final ChannelOption<Integer> MARK =
            new IntegerUnixChannelOption("SO_RCVLOWAT", SOL_SOCKET, SO_RCVLOWAT);

    private final Channel channel;
    private int bytes = 1;

    private ReceiveMark(Channel channel) {
        this.channel = channel;
    }

    /** The mark of this channel; null for other engines than epoll, which read without waiting for it. */
    public static @Nullable ReceiveMark of(Channel channel) {
        // Under TLS the bytes that have come are not the bytes that can be used.
        boolean plain = channel.pipeline().get(SslHandler.class) == null;
        return plain && channel instanceof EpollSocketChannel ? new ReceiveMark(channel) : null;
    }

    /** The loop wakes up for this many bytes from now on; at once when they have come already. */
    public void set(int wanted) {
        if (wanted == bytes) {
            return;
        }
        try {
            channel.config().setOption(MARK, wanted);
            bytes = wanted;
        } catch (ChannelException gone) {
            // The channel was closed meanwhile.
        }
    }
}
