package xiu.http.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import xiu.http.Exposure;
import xiu.http.HttpCounters;
import xiu.http.HttpReply;
import xiu.http.ReplyPart;

/**
 * Writes replies to one connection: the head, and the part of the body that is wanted. Confined to the connection's
 * event loop.
 */
final class ReplyWriter {
    /** Bodies up to here are copied behind the head: one buffer is cheaper to write than two. */
    private static final int COPIED_BYTES = 8 * 1024;

    private static final byte[] CLOSE = ReplyHead.ascii("Connection: close\r\n\r\n");
    private static final byte[] KEEP_ALIVE = ReplyHead.ascii("Connection: keep-alive\r\n\r\n");
    private static final byte[] END = ReplyHead.ascii("\r\n");

    private final ChannelHandlerContext to;
    private final ReplyHead head;
    private final HttpCounters counters;
    private final Runnable onFlushed;
    private boolean unflushed;

    ReplyWriter(ChannelHandlerContext to, ConnectionContext shared, Runnable onFlushed) {
        this.to = to;
        this.head = new ReplyHead(to.alloc(), shared.clock());
        this.counters = shared.counters();
        this.onFlushed = onFlushed;
    }

    /** Writes the answer to a request, not flushed; borrows the reply. */
    void write(HttpReply reply, HttpRequest request, Exposure exposure, boolean keepAlive) {
        ReplyPart part = reply.part(request.method(), request.headers());
        int length = HttpMethod.HEAD.equals(request.method()) ? 0 : part.length();
        write(reply, part, exposure, end(request, keepAlive), length);
    }

    /** Writes the answer to something that could not be read as a request, not flushed; the connection ends with it. */
    void writeRefusal(HttpReply reply) {
        write(reply, reply.whole(), Exposure.PUBLIC_MEDIA, CLOSE, reply.whole().length());
    }

    private void write(HttpReply reply, ReplyPart part, Exposure exposure, byte[] end, int length) {
        counters.answered(part.status());
        boolean copied = length <= COPIED_BYTES;
        int from = reply.body().readerIndex() + part.first();
        write(head.bytes(reply, part, exposure, end, copied ? length : 0));
        if (!copied) {
            to.write(reply.body().retainedSlice(from, length), to.voidPromise());
        }
    }

    private static byte[] end(HttpRequest request, boolean keepAlive) {
        if (!keepAlive) {
            return CLOSE;
        }
        return HttpVersion.HTTP_1_1.equals(request.protocolVersion()) ? END : KEEP_ALIVE;
    }

    /** Flushes what was written since the last flush. */
    void flush() {
        if (unflushed) {
            unflushed = false;
            to.flush();
            onFlushed.run();
        }
    }

    /** Flushes; the result completes when everything written has gone to the kernel. */
    ChannelFuture flushLast() {
        ChannelFuture written = to.write(Unpooled.EMPTY_BUFFER);
        unflushed = true;
        flush();
        return written;
    }

    /** Writes bytes as they are, not flushed; consumes them. */
    void write(ByteBuf bytes) {
        unflushed = true;
        to.write(bytes, to.voidPromise());
    }

    /** Writes the head of an answer that ends with the connection, or of another protocol; not flushed. */
    void writeHead(HttpReply reply, Exposure exposure) {
        counters.answered(reply.status());
        byte[] end = reply.status().code() >= 200 ? CLOSE : END;
        to.write(head.bytes(reply, reply.whole(), exposure, end, 0), to.voidPromise());
    }
}
