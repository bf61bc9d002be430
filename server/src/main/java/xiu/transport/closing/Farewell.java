package xiu.transport.closing;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection in two steps: first for output, then, after the peer has had time to read what was written,
 * fully. Closing while input is unread would reset the connection, and the peer would lose the last bytes.
 */
public final class Farewell {
    /** How long a peer may take to read the last bytes, ms. */
    private static final long LINGER = 1_000;

    private Farewell() {}

    /** Flushes what was written and closes. On the event loop. */
    public static void say(ChannelHandlerContext last) {
        ChannelFuture sent = last.writeAndFlush(Unpooled.EMPTY_BUFFER);
        sent.addListener(done -> endOutput(last.channel()));
        if (last.channel() instanceof DuplexChannel) {
            last.executor().schedule(() -> last.close(), LINGER, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Ends the output behind what has been written, on the event loop; whoever calls closes the channel later. One that cannot
     * be ended in one direction is closed. RFC 8446 §6.1: without {@code close_notify} the peer must assume that the
     * connection was cut off by somebody else.
     */
    public static void endOutput(Channel channel) {
        if (!(channel instanceof DuplexChannel socket)) {
            channel.close();
            return;
        }
        SslHandler tls = socket.pipeline().get(SslHandler.class);
        if (tls == null) {
            socket.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(done -> socket.shutdownOutput());
        }
    }
}
