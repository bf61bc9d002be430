package xiu.http.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.http.HttpSettings;
import xiu.transport.receive.SharedHeapCopy;

/**
 * Netty's request decoder, which stops between requests while the connection is busy with one, so that TCP, and not a
 * queue here, holds back a client that sends ahead. Requests that come in the same bytes again and again, as from
 * players of HLS, are decoded once. Confined to its event loop.
 */
final class RequestDecoder extends HttpRequestDecoder {
    /** Bytes that a client may send ahead before the socket is not read any more. */
    private static final int AHEAD_BYTES = 64 * 1024;

    private final Owner connection;
    private final KnownRequests known = KnownRequests.ofThisLoop();

    /** The connection whose requests these are. */
    interface Owner {
        /** Whether the next request may be taken. */
        boolean isIdle();

        /** Everything that has arrived is decoded, as far as it may be. */
        void onDecoded();
    }

    private boolean decoding;
    private boolean midRequest;
    /** How often {@link #decode} was called since a request began. */
    private int calls;
    /** Bytes since the head of the request, including the framing of chunks. */
    private long bodyBytes;

    /** The request, if the bytes of the first call were exactly one, without a body. */
    private @Nullable HttpRequest whole;

    RequestDecoder(HttpSettings settings, Owner connection) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength((int) settings.lineBytes())
                .setMaxHeaderSize((int) settings.headerBytes())
                .setInitialBufferSize(256));
        this.connection = connection;
    }

    /** Whether {@link #channelRead} is running, which continues by itself. */
    boolean isDecoding() {
        return decoding;
    }

    /** Whether a request has begun to arrive and is not complete. */
    boolean isMidRequest() {
        return midRequest;
    }

    /**
     * Bytes that the body of this request has taken on the wire so far: a client may send six bytes for each byte of
     * body, or a chunk extension of thousands.
     */
    long bodyBytes() {
        return bodyBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        boolean outer = !decoding;
        decoding = true;
        try {
            if (!(message instanceof ByteBuf read)) {
                super.channelRead(context, message);
            } else if (outer && !midRequest && actualReadableBytes() == 0 && connection.isIdle()) {
                begin(context, SharedHeapCopy.of(read));
            } else {
                super.channelRead(context, SharedHeapCopy.of(read));
            }
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

    /** Decodes the bytes with which a request begins, when nothing before them waits to be decoded. */
    private void begin(ChannelHandlerContext context, ByteBuf bytes) throws Exception {
        HttpRequest same = known.find(bytes);
        if (same != null) {
            bytes.release();
            context.fireChannelRead(same);
            context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
            return;
        }
        byte[] text = known.wants(bytes) ? ByteBufUtil.getBytes(bytes) : null;
        calls = 0;
        whole = null;
        super.channelRead(context, bytes);
        if (text != null && whole != null) {
            known.keep(text, whole);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (connection.isIdle()) {
            int before = in.readableBytes();
            super.decode(context, in, out);
            boolean head = !out.isEmpty() && out.get(0) instanceof HttpRequest;
            bodyBytes = head ? 0 : bodyBytes + before - in.readableBytes();
            Object last = out.isEmpty() ? null : out.get(out.size() - 1);
            midRequest = last != LastHttpContent.EMPTY_LAST_CONTENT && !(last instanceof LastHttpContent);
            boolean alone = ++calls == 1 && !in.isReadable() && out.size() == 2;
            whole = alone && !midRequest && out.get(0) instanceof HttpRequest request ? request : null;
        }
    }

    /** Decodes what has arrived while the connection was busy. */
    void resume(ChannelHandlerContext context) throws Exception {
        if (!decoding && !context.isRemoved()) {
            channelRead(context, Unpooled.EMPTY_BUFFER);
        }
    }

    /** RFC 9112 §6.1 allows to refuse it: such a message is an attempt to smuggle a request past a proxy. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("Content-Length: beside Transfer-Encoding (expected: one of them)");
    }
}
