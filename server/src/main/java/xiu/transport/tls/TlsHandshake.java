package xiu.transport.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Stands behind TLS until its handshake is complete. For everything behind this handler the connection becomes active
 * only then. Confined to the channel's event loop.
 */
final class TlsHandshake extends ChannelInboundHandlerAdapter {
    private final Consumer<Channel> established;
    private final BiConsumer<Channel, Throwable> failed;
    private boolean over;

    TlsHandshake(Consumer<Channel> established, BiConsumer<Channel, Throwable> failed) {
        this.established = established;
        this.failed = failed;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // The handlers behind this one must not send anything yet.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent completion)) {
            context.fireUserEventTriggered(event);
        } else if (completion.isSuccess()) {
            over = true;
            established.accept(context.channel());
            context.fireChannelActive();
            context.pipeline().remove(this);
        } else {
            fail(context, completion.cause());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // The handlers behind this one were never told that the connection is active.
        over = true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause);
    }

    private void fail(ChannelHandlerContext context, Throwable cause) {
        if (!over) {
            over = true;
            failed.accept(context.channel(), cause);
        }
        context.close();
    }
}
