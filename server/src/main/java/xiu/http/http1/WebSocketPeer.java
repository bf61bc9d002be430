package xiu.http.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * The server's side of a WebSocket that only sends: answers pings and closing (RFC 6455 §5.5), drops everything else
 * that the client sends. Closes the channel when the client closes, breaks the protocol or does not answer the server's
 * closing.
 */
final class WebSocketPeer extends ChannelInboundHandlerAdapter {
    /** The user event that the next handler gets, once, before a close frame goes out. */
    enum Closing {
        CLOSING
    }

    /** Status 1000: the normal end, here that of the stream. */
    static final int NORMAL = 1000;
    /** Status 1001: the server goes away. */
    static final int GOING_AWAY = 1001;
    /** Status 1011: a fault of ours. */
    static final int INTERNAL_ERROR = 1011;
    /** Status 1013: try again later. */
    static final int TRY_AGAIN = 1013;

    private static final int PROTOCOL_ERROR = 1002;
    private static final int MAX_FRAME_BYTES = 64 * 1024;
    private static final int CLOSE_SECONDS = 2;
    private static final int FINAL = 0x80;
    private static final int OPCODE_CLOSE = 0x8;
    private static final int OPCODE_PONG = 0xa;

    private boolean closing;

    WebSocketPeer() {}

    /** Reads frames of clients: masked, of bounded size. */
    static ChannelHandler frameDecoder() {
        return new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .maxFramePayloadLength(MAX_FRAME_BYTES)
                .closeOnProtocolViolation(false)
                .build());
    }

    /**
     * Ends a WebSocket: sends a close frame after what is queued already, and closes the channel when the client has
     * answered, or after two seconds. On the event loop.
     */
    static void close(Channel channel, int status) {
        ChannelHandlerContext context = channel.pipeline().context(WebSocketPeer.class);
        if (context == null) {
            channel.close();
        } else {
            ((WebSocketPeer) context.handler()).sendClose(context, status);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            switch (message) {
                case PingWebSocketFrame ping -> pong(context, ping.content());
                case CloseWebSocketFrame close -> onClose(context, close);
                case WebSocketFrame ignored -> {}
                default -> throw new IllegalStateException("message: " + message.getClass() + " (expected: a frame)");
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Not to a client that pings but does not read: pongs would queue up. */
    private void pong(ChannelHandlerContext context, ByteBuf payload) {
        if (!closing && context.channel().isWritable()) {
            context.channel().writeAndFlush(frame(context, OPCODE_PONG, payload), context.voidPromise());
        }
    }

    private void onClose(ChannelHandlerContext context, CloseWebSocketFrame close) {
        if (closing) {
            context.close();
            return;
        }
        int status = close.statusCode();
        ByteBuf payload =
                status < 0 ? Unpooled.EMPTY_BUFFER : context.alloc().buffer(2).writeShort(status);
        sendClose(context, payload).addListener(ChannelFutureListener.CLOSE);
    }

    private void sendClose(ChannelHandlerContext context, int status) {
        if (!closing) {
            sendClose(context, context.alloc().buffer(2).writeShort(status));
        }
    }

    /**
     * Sends a close frame and consumes its payload. Nothing may be sent after it, so the owner gets {@link Closing}
     * first.
     */
    private ChannelFuture sendClose(ChannelHandlerContext context, ByteBuf payload) {
        closing = true;
        context.fireUserEventTriggered(Closing.CLOSING);
        ChannelFuture sent = context.channel().writeAndFlush(frame(context, OPCODE_CLOSE, payload));
        payload.release();
        var late = context.executor().schedule(() -> context.close(), CLOSE_SECONDS, TimeUnit.SECONDS);
        context.channel().closeFuture().addListener(closed -> late.cancel(false));
        return sent;
    }

    /** A control frame: one short unmasked frame; borrows the payload, at most 125 bytes. */
    private static ByteBuf frame(ChannelHandlerContext context, int opcode, ByteBuf payload) {
        int length = payload.readableBytes();
        return context.alloc()
                .buffer(2 + length)
                .writeByte(FINAL | opcode)
                .writeByte(length)
                .writeBytes(payload, payload.readerIndex(), length);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException && !closing) {
            sendClose(context, PROTOCOL_ERROR);
        } else {
            context.close();
        }
    }
}
