package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** One chunk stream of a connection: the header that later chunks lean on, and the message in progress. */
final class ChunkStream {
    /** Reserved for a message however little of it has come. */
    private static final int FIRST_BYTES = 4096;

    /** Whether a message header with length and type has come, which formats 2 and 3 need. */
    boolean described;

    int type;
    int length;
    int messageStreamId;
    /** Of the current message, the low 32 bits of milliseconds. */
    int timestamp;
    /** What the last header's timestamp field said: a time (format 0) or a difference. */
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
     * Takes {@code count} bytes. A message that is there as a whole stays where it is; for others, what is reserved
     * follows what has come, not what the header announces.
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

    /** Forgets the message in progress. */
    void drop() {
        take().release();
    }
}
