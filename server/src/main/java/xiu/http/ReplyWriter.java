package xiu.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;
import xiu.http.field.ByteRange;
import xiu.transport.memory.FileSocket;

/**
 * Writes replies to one connection as bytes: the head as it is kept, what depends on the request, and as much of the body
 * as is wanted. Confined to the connection's event loop.
 */
final class ReplyWriter {
    /** Bodies up to here are copied behind the head: one buffer is cheaper to write than two. */
    private static final int COPIED_BYTES = 8 * 1024;

    private static final byte[] CLOSE = HttpReply.ascii("Connection: close\r\n\r\n");
    private static final byte[] KEEP_ALIVE = HttpReply.ascii("Connection: keep-alive\r\n\r\n");
    private static final byte[] END = HttpReply.ascii("\r\n");

    private static final int ARRAY_BYTES = COPIED_BYTES + 2 * 1024;
    private static final FastThreadLocal<byte[]> ARRAY = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[ARRAY_BYTES];
        }
    };

    private final ChannelHandlerContext to;
    private final HttpClock clock;
    private final Runnable onFlushed;
    private final @Nullable FileSocket files;
    private boolean unflushed;

    ReplyWriter(ChannelHandlerContext to, HttpClock clock, Runnable onFlushed) {
        this.to = to;
        this.clock = clock;
        this.onFlushed = onFlushed;
        this.files = FileSocket.of(to.channel());
    }

    /** Writes, not flushed; borrows the reply. {@code request} is null when it could not be read. */
    void write(HttpReply reply, @Nullable HttpRequest request, boolean keepAlive) {
        byte[] head = reply.head();
        int first = 0;
        int length = reply.body().readableBytes();
        if (request != null && reply.status().equals(HttpResponseStatus.OK)) {
            HttpHeaders headers = request.headers();
            ByteRange range = range(reply, request);
            if (isUnchanged(reply, headers.get(HttpHeaderNames.IF_NONE_MATCH))) {
                head = derivedHead(reply, HttpResponseStatus.NOT_MODIFIED, "");
                length = 0;
            } else if (range != null) {
                head = rangeHead(reply, range, length);
                first = range.first();
                length = range.length();
            }
        }
        boolean headOnly = request != null && HttpMethod.HEAD.equals(request.method());
        int sent = headOnly ? 0 : length;
        boolean copied = sent <= COPIED_BYTES;
        int from = reply.body().readerIndex() + first;
        write(bytes(head, end(request, keepAlive), reply.body(), from, copied ? sent : 0));
        if (!copied) {
            to.write(part(reply.body(), from, sent), to.voidPromise());
        }
    }

    private static byte[] end(@Nullable HttpRequest request, boolean keepAlive) {
        if (!keepAlive) {
            return CLOSE;
        }
        return request == null || HttpVersion.HTTP_1_1.equals(request.protocolVersion()) ? END : KEEP_ALIVE;
    }

    /** These, the date and a part of the body, put together in an array: each write to direct memory is a dear one. */
    private ByteBuf bytes(byte[] head, byte[] end, ByteBuf body, int from, int length) {
        byte[] date = clock.line();
        int size = head.length + date.length + end.length + length;
        byte[] text = size <= ARRAY_BYTES ? ARRAY.get() : new byte[size];
        System.arraycopy(head, 0, text, 0, head.length);
        System.arraycopy(date, 0, text, head.length, date.length);
        System.arraycopy(end, 0, text, head.length + date.length, end.length);
        body.getBytes(from, text, size - length, length);
        return to.alloc().ioBuffer(size).writeBytes(text, 0, size);
    }

    private Object part(ByteBuf body, int from, int length) {
        return files == null ? body.retainedSlice(from, length) : files.part(body, from, length);
    }

    /** Flushes what was written since the last time. */
    void flush() {
        if (unflushed) {
            unflushed = false;
            to.flush();
            if (files != null) {
                files.flushed();
            }
            onFlushed.run();
        }
    }

    /** Flushes; what it returns is done when everything written has gone to the kernel. */
    ChannelFuture flushLast() {
        ChannelFuture written = to.write(Unpooled.EMPTY_BUFFER);
        unflushed = true;
        flush();
        return written;
    }

    /** Writes bytes as they are, not flushed; takes them over. */
    void write(ByteBuf bytes) {
        unflushed = true;
        to.write(bytes, to.voidPromise());
    }

    /** Writes the head of an answer whose end is the connection's, or of another protocol; not flushed. */
    void writeHead(HttpReply reply) {
        byte[] end = reply.status().code() >= 200 ? CLOSE : END;
        to.write(bytes(reply.head(), end, reply.body(), 0, 0), to.voidPromise());
    }

    /** RFC 9110 §13.1.2. */
    private static boolean isUnchanged(HttpReply reply, @Nullable String known) {
        String etag = reply.etag();
        if (etag == null || known == null) {
            return false;
        }
        for (String tag : known.split(",", 64)) {
            String opaque = tag.strip();
            if (opaque.equals("*") || (opaque.startsWith("W/") ? opaque.substring(2) : opaque).equals(etag)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable ByteRange range(HttpReply reply, HttpRequest request) {
        if (!reply.ranges() || !HttpMethod.GET.equals(request.method())) {
            return null;
        }
        // RFC 9110 §13.1.5: a client that holds parts of another version gets the whole.
        String condition = request.headers().get(HttpHeaderNames.IF_RANGE);
        boolean same = condition == null || condition.strip().equals(reply.etag());
        return same
                ? ByteRange.parse(
                        request.headers().get(HttpHeaderNames.RANGE),
                        reply.body().readableBytes())
                : null;
    }

    private static byte[] rangeHead(HttpReply reply, ByteRange range, int size) {
        if (range.length() == 0) {
            String lines = "Content-Range: bytes */" + size + "\r\nContent-Length: 0\r\n";
            return derivedHead(reply, HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE, lines);
        }
        int last = range.first() + range.length() - 1;
        String lines = "Content-Range: bytes " + range.first() + "-" + last + "/" + size + "\r\nContent-Length: "
                + range.length() + "\r\n";
        return derivedHead(reply, HttpResponseStatus.PARTIAL_CONTENT, lines);
    }

    private static byte[] derivedHead(HttpReply reply, HttpResponseStatus status, String more) {
        byte[] line = HttpReply.ascii(HttpReply.statusLine(status));
        byte[] lines = HttpReply.ascii(more);
        byte[] head = new byte[line.length + reply.fields().length + lines.length];
        System.arraycopy(line, 0, head, 0, line.length);
        System.arraycopy(reply.fields(), 0, head, line.length, reply.fields().length);
        System.arraycopy(lines, 0, head, line.length + reply.fields().length, lines.length);
        return head;
    }
}
