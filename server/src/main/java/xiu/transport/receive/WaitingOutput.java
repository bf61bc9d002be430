package xiu.transport.receive;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Tells a patient loop whether a connection has much to send that its socket did not take: such a connection must not
 * wait for others' requests. The first handler of a pipeline; does nothing on other loops. Confined to its event loop.
 */
public final class WaitingOutput extends ChannelInboundHandlerAdapter {
    private @Nullable Patience patience;
    private boolean waits;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        patience = Patience.ofThisLoop();
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
        if (patience != null && waits != waitsNow) {
            waits = waitsNow;
            patience.outputWaits(waitsNow);
        }
    }
}
