package xiu.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's request decoder, which stops between requests while the connection is busy with one, so that a client that
 * sends ahead is held back by TCP and not by a queue of ours. Confined to its event loop.
 */
final class RequestDecoder extends HttpRequestDecoder {
    /** What a client may send ahead before we stop reading. */
    private static final int AHEAD_BYTES = 64 * 1024;

    private final HttpConnection connection;
    private boolean decoding;
    private boolean midRequest;

    RequestDecoder(HttpSettings settings, HttpConnection connection) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength((int) settings.lineBytes())
                .setMaxHeaderSize((int) settings.headerBytes())
                .setInitialBufferSize(256));
        this.connection = connection;
    }

    /** Whether this is inside of {@link #channelRead}, which goes on by itself. */
    boolean isDecoding() {
        return decoding;
    }

    /** Whether a request has begun to arrive and is not complete. */
    boolean isMidRequest() {
        return midRequest;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        boolean outer = !decoding;
        decoding = true;
        try {
            super.channelRead(context, message instanceof ByteBuf bytes ? onHeap(bytes) : message);
        } finally {
            if (outer) {
                decoding = false;
            }
        }
        if (outer && !context.isRemoved()) {
            connection.onDecoded();
            boolean reads = connection.isIdle() || actualReadableBytes() < AHEAD_BYTES;
            ChannelConfig config = context.channel().config();
            if (config.isAutoRead() != reads) {
                config.setAutoRead(reads);
            }
        }
    }

    /**
     * Netty looks for the end of each line and then copies it into an array: from direct memory, by way of an NIO buffer,
     * that costs more than all else it does with the line.
     */
    private static ByteBuf onHeap(ByteBuf bytes) {
        if (!bytes.isDirect()) {
            return bytes;
        }
        try {
            return Unpooled.buffer(bytes.readableBytes()).writeBytes(bytes);
        } finally {
            bytes.release();
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (connection.isIdle()) {
            super.decode(context, in, out);
            Object last = out.isEmpty() ? null : out.get(out.size() - 1);
            midRequest = last != LastHttpContent.EMPTY_LAST_CONTENT && !(last instanceof LastHttpContent);
        }
    }

    /** Goes on with what has arrived while the connection was busy. */
    void resume(ChannelHandlerContext context) throws Exception {
        if (!decoding && !context.isRemoved()) {
            channelRead(context, Unpooled.EMPTY_BUFFER);
        }
    }

    /** RFC 9112 §6.1 lets us choose: such a message is an attempt to smuggle a request past a proxy. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("Content-Length: beside Transfer-Encoding (expected: one of them)");
    }
}
