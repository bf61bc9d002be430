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
 * the connection always does. Confined to the channel's event loop.
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

    /** That of this channel, or null where there is none: other engines than epoll read before they are asked. */
    public static @Nullable ReceiveMark of(Channel channel) {
        // Under TLS what has come and what can be used of it are two things.
        boolean plain = channel.pipeline().get(SslHandler.class) == null;
        return plain && channel instanceof EpollSocketChannel ? new ReceiveMark(channel) : null;
    }

    /** From now on the loop wakes up for so many bytes; at once when they are there already. */
    public void set(int wanted) {
        if (wanted == bytes) {
            return;
        }
        try {
            channel.config().setOption(MARK, wanted);
            bytes = wanted;
        } catch (ChannelException gone) {
            // Closed meanwhile: nothing will wake anybody.
        }
    }
}
