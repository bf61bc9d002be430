package xiu.http.http1;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import xiu.http.HttpStream;

/**
 * A stream that has the connection to itself, and ends it. Reads only to notice that the client leaves; the last
 * handler of its channel.
 */
final class Http1Stream extends ChannelInboundHandlerAdapter implements HttpStream {
    /** How long the last bytes of a body may take to go out. */
    private static final int LAST_BYTES_SECONDS = 5;

    private final Channel channel;
    private final BiConsumer<Channel, Ending> close;
    private @Nullable Listener listener;

    private Http1Stream(Channel channel, Listener listener, BiConsumer<Channel, Ending> close) {
        this.channel = channel;
        this.listener = listener;
        this.close = close;
    }

    /** The body of an answer, which ends with the connection. */
    static Http1Stream body(Channel channel, Listener listener) {
        return new Http1Stream(channel, listener, (own, why) -> closeAfterLastBytes(own));
    }

    /** A WebSocket, behind its {@link WebSocketPeer}. */
    static Http1Stream webSocket(Channel channel, Listener listener) {
        return new Http1Stream(channel, listener, (own, why) -> WebSocketPeer.close(own, status(why)));
    }

    private static void closeAfterLastBytes(Channel channel) {
        ScheduledFuture<?> late =
                channel.eventLoop().schedule(() -> channel.close(), LAST_BYTES_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> late.cancel(false));
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private static int status(Ending why) {
        return switch (why) {
            case COMPLETE -> WebSocketPeer.NORMAL;
            case TRY_AGAIN -> WebSocketPeer.TRY_AGAIN;
            case GOING_AWAY -> WebSocketPeer.GOING_AWAY;
            case FAILED -> WebSocketPeer.INTERNAL_ERROR;
        };
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public void end(Ending why) {
        close.accept(channel, why);
    }

    @Override
    public void abort() {
        channel.close();
    }

    private void closed(@Nullable Throwable cause) {
        Listener owner = listener;
        listener = null;
        if (owner != null) {
            owner.onClosed(cause);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof WebSocketPeer.Closing) {
            closed(null);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed(null);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        closed(cause);
        context.close();
    }
}
