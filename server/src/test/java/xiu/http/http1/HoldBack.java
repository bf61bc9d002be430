package xiu.http.http1;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/** A network that takes nothing: flushes do not reach it, so written bytes stay in the channel's buffer. */
final class HoldBack extends ChannelOutboundHandlerAdapter {
    @Override
    public void flush(ChannelHandlerContext context) {}
}
