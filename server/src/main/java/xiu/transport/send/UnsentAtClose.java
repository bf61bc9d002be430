package xiu.transport.send;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how long the kernel keeps what a closed connection had not sent yet: while the peer's window is shut that would be minutes,
 * for as many connections as a stranger likes to open. The kernel's TCP_USER_TIMEOUT does it, from the close on; earlier it would
 * also reset peers that read slowly. Epoll and io_uring; NIO has no such option. Any number of channels, any event loop.
 */
@ChannelHandler.Sharable
public final class UnsentAtClose extends ChannelOutboundHandlerAdapter {
    private static final UnsentAtClose INSTANCE = new UnsentAtClose();

    private UnsentAtClose() {}

    /** Bounds it for a channel, by the patience of its {@link SlowReaders}. */
    public static void bound(Channel channel) {
        channel.pipeline().addFirst(INSTANCE);
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        long millis = TimeUnit.NANOSECONDS.toMillis(SlowReaders.of(context.channel()).patience());
        if (millis <= Integer.MAX_VALUE) {
            limit(context.channel().config(), (int) millis);
        }
        context.close(promise);
    }

    private static void limit(ChannelConfig config, int millis) {
        try {
            if (!config.setOption(EpollChannelOption.TCP_USER_TIMEOUT, millis)) {
                config.setOption(IoUringChannelOption.TCP_USER_TIMEOUT, millis);
            }
        } catch (ChannelException closed) {
            // There is no socket any more, so the kernel keeps nothing.
        }
    }
}
