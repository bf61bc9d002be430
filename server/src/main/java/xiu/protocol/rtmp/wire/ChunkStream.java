package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** One chunk stream of a connection: the last header, which later chunks refer to, and the message in progress. */
final class ChunkStream {
    /** Memory for the first bytes of a message, however few have come. */
    private static final int FIRST_BYTES = 4096;

    /** Whether a message header with length and type has come, which formats 2 and 3 need. */
    boolean described;

    int type;
    int length;
    int messageStreamId;
    /** Of the current message, the low 32 bits of milliseconds. */
    int timestamp;
    /** The timestamp field of the last header: a time (format 0) or a difference. */
    int field;
    /** Whether that value stood in an extended timestamp, which then is repeated in chunks of format 3. */
    boolean extended;

    /** Whether a message has begun and is not complete. */
    boolean open;
    /** When it began, ns. */
    long begun;

    private @Nullable ByteBuf body;

    /** Bytes of the message in progress that are still to come. */
    int missing() {
        return length - received();
    }

    int received() {
        return body == null ? 0 : body.readableBytes();
    }

    /** Memory that the message in progress holds, bytes. */
    int reserved() {
        return body == null ? 0 : body.capacity();
    }

    /**
     * Adds {@code count} bytes. A message that came as a whole stays where it is. For others, memory is reserved for
     * what has come, not for what the header announces.
     */
    void append(ByteBuf in, int count, ByteBufAllocator allocator) {
        if (body == null && count == length) {
            body = in.readRetainedSlice(count);
            return;
        }
        if (body == null) {
            body = allocator.buffer(Math.min(length, Math.max(count, FIRST_BYTES)), length);
        }
        body.writeBytes(in, count);
    }

    /** Ends the message and hands over its body. */
    ByteBuf take() {
        ByteBuf taken = body == null ? Unpooled.EMPTY_BUFFER : body;
        body = null;
        open = false;
        return taken;
    }

    /** Releases the message in progress. */
    void drop() {
        take().release();
    }
}
