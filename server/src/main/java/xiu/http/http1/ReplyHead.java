package xiu.http.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import xiu.http.Exposure;
import xiu.http.HttpField;
import xiu.http.HttpReply;
import xiu.http.ReplyPart;

/**
 * Writes the head of a reply in the form of HTTP/1.1 (RFC 9112 §4 and §5), followed by a small body. Put together in an
 * array, because many single writes to direct memory are expensive. Confined to an event loop.
 */
final class ReplyHead {
    private static final int ARRAY_BYTES = 10 * 1024;
    private static final FastThreadLocal<byte[]> ARRAY = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[ARRAY_BYTES];
        }
    };

    private static final byte[] ANY_ORIGIN = ascii("Access-Control-Allow-Origin: *\r\n");
    private static final byte[] NOTHING = {};
    private static final byte[] OK_LINE = line(HttpResponseStatus.OK);
    private static final int COLON_AND_LINE_END = 4;

    private final ByteBufAllocator allocator;
    private final HttpClock clock;
    private byte[] text = {};
    private int length;

    ReplyHead(ByteBufAllocator allocator, HttpClock clock) {
        this.allocator = allocator;
        this.clock = clock;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The head, followed by {@code end} and this many bytes of the part's body. Borrows the reply. */
    ByteBuf bytes(HttpReply reply, ReplyPart part, Exposure exposure, byte[] end, int bodyBytes) {
        byte[] status = statusLine(part.status());
        byte[] date = clock.line();
        byte[] cors = exposure == Exposure.PUBLIC_MEDIA ? ANY_ORIGIN : NOTHING;
        int size = status.length + cors.length + size(reply.fields()) + size(part.fields()) + date.length;
        size += end.length + bodyBytes;
        text = size <= ARRAY_BYTES ? ARRAY.get() : new byte[size];
        length = 0;
        add(status);
        add(cors);
        add(reply.fields());
        add(part.fields());
        add(date);
        add(end);
        reply.body().getBytes(reply.body().readerIndex() + part.first(), text, length, bodyBytes);
        return allocator.ioBuffer(size).writeBytes(text, 0, size);
    }

    private static byte[] statusLine(HttpResponseStatus status) {
        return status.equals(HttpResponseStatus.OK) ? OK_LINE : line(status);
    }

    private static byte[] line(HttpResponseStatus status) {
        return ascii("HTTP/1.1 " + status.code() + " " + status.reasonPhrase() + "\r\n");
    }

    private static int size(List<HttpField> fields) {
        int size = 0;
        for (int i = 0; i < fields.size(); i++) {
            HttpField field = fields.get(i);
            size += field.name().length() + field.value().length() + COLON_AND_LINE_END;
        }
        return size;
    }

    private void add(List<HttpField> fields) {
        for (int i = 0; i < fields.size(); i++) {
            HttpField field = fields.get(i);
            add(field.name());
            text[length++] = ':';
            text[length++] = ' ';
            add(field.value());
            text[length++] = '\r';
            text[length++] = '\n';
        }
    }

    private void add(AsciiString from) {
        System.arraycopy(from.array(), from.arrayOffset(), text, length, from.length());
        length += from.length();
    }

    private void add(byte[] from) {
        System.arraycopy(from, 0, text, length, from.length);
        length += from.length;
    }
}
