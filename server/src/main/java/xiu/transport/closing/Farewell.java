package xiu.transport.closing;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection in two steps: first for output, then, when the peer has had the time to read what was written,
 * altogether. Closing with unread input would reset the connection and take the last words with it.
 */
public final class Farewell {
    /** How long a peer may take to read the last words, ms. */
    private static final long LINGER = 1_000;

    private Farewell() {}

    /** Flushes what was written and closes. On the event loop. */
    public static void say(ChannelHandlerContext last) {
        ChannelFuture sent = last.writeAndFlush(Unpooled.EMPTY_BUFFER);
        if (last.channel() instanceof DuplexChannel socket) {
            sent.addListener(done -> endOutput(socket));
            last.executor().schedule(() -> last.close(), LINGER, TimeUnit.MILLISECONDS);
        } else {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** RFC 8446 §6.1: without {@code close_notify} the peer must think that somebody has cut the connection off. */
    private static void endOutput(DuplexChannel socket) {
        SslHandler tls = socket.pipeline().get(SslHandler.class);
        if (tls == null) {
            socket.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(done -> socket.shutdownOutput());
        }
    }
}
