package xiu.transport.closing;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannel;

/**
 * Bounds how long the kernel keeps the last bytes of a connection that the server has closed. Otherwise it would offer
 * them, up to a whole send buffer, for many minutes to a peer that does not take them. One instance for all channels.
 */
@Sharable
public final class LastBytes extends ChannelOutboundHandlerAdapter {
    /**
     * Long enough for a slow reader to take a send buffer. The kernel counts this time even while the peer's window is
     * small, ms.
     */
    private static final int USUAL_MILLIS = 60_000;

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_USER_TIMEOUT = 18;
    private static final IntegerUnixChannelOption OPTION =
            new IntegerUnixChannelOption("TCP_USER_TIMEOUT", IPPROTO_TCP, TCP_USER_TIMEOUT);

    /** The handler of all connections. */
    public static final LastBytes INSTANCE = new LastBytes(USUAL_MILLIS);

    private final int millis;

    LastBytes(int millis) {
        this.millis = millis;
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (context.channel() instanceof UnixChannel && context.channel().isActive()) {
            context.channel().config().setOption(OPTION, millis);
        }
        context.close(promise);
    }

    /** The next close of a channel resets the connection, and the kernel drops what its peer has not taken. */
    public static void drop(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }
}
