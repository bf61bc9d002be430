package xiu.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import xiu.transport.memory.SendableBuffers;

/** Writes a reply as bytes: the head as it is kept, what depends on the request, and as much of the body as is wanted. */
final class ReplyWriter {
    /** Bodies up to here are copied behind the head: one buffer is cheaper to write than two. */
    private static final int COPIED_BYTES = 8 * 1024;

    private static final int LINES_BYTES = 192;
    private static final byte[] CLOSE = HttpReply.ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = HttpReply.ascii("Connection: keep-alive\r\n");
    private static final byte[] END = HttpReply.ascii("\r\n");

    private ReplyWriter() {}

    /** Writes, not flushed; borrows the reply. {@code request} is null when it could not be read. */
    static void write(
            ChannelHandlerContext to,
            HttpReply reply,
            @Nullable HttpRequest request,
            boolean keepAlive,
            HttpClock clock) {
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
        ByteBuf out = to.alloc().ioBuffer(head.length + LINES_BYTES + (copied ? sent : 0));
        out.writeBytes(head).writeBytes(clock.line());
        if (!keepAlive) {
            out.writeBytes(CLOSE);
        } else if (request != null && !HttpVersion.HTTP_1_1.equals(request.protocolVersion())) {
            out.writeBytes(KEEP_ALIVE);
        }
        out.writeBytes(END);
        int from = reply.body().readerIndex() + first;
        if (copied) {
            to.write(out.writeBytes(reply.body(), from, sent), to.voidPromise());
        } else {
            to.write(out, to.voidPromise());
            to.write(SendableBuffers.part(to.channel(), reply.body(), from, sent), to.voidPromise());
        }
    }

    /** Writes the head of an answer whose end is the connection's, or of another protocol; not flushed. */
    static void writeHead(ChannelHandlerContext to, HttpReply reply, HttpClock clock) {
        ByteBuf out = to.alloc().ioBuffer(reply.head().length + LINES_BYTES);
        out.writeBytes(reply.head()).writeBytes(clock.line());
        if (reply.status().code() >= 200) {
            out.writeBytes(CLOSE);
        }
        to.write(out.writeBytes(END), to.voidPromise());
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
