package xiu.transport.receive;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Tells a patient loop whether a connection has much to send that its socket did not take: such a connection must not
 * wait for others' requests. Confined to its event loop.
 */
public final class WaitingOutput extends ChannelInboundHandlerAdapter {
    private final Patience patience;
    private boolean waits;

    WaitingOutput(Patience patience) {
        this.patience = patience;
    }

    /** Watches a new channel, on its event loop, as its first handler; only where that loop is patient. */
    public static void watch(Channel channel) {
        Patience patience = Patience.ofThisLoop();
        if (patience != null) {
            channel.pipeline().addLast(new WaitingOutput(patience));
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        look(!context.channel().isWritable());
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        look(false);
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        look(false);
    }

    private void look(boolean waitsNow) {
        if (waits != waitsNow) {
            waits = waitsNow;
            patience.outputWaits(waitsNow);
        }
    }
}
