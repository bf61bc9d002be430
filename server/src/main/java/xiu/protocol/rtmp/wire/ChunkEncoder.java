package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;

/**
 * Whole messages to chunks (RTMP 1.0 §5.3). Every message begins with a chunk of format 0 and its absolute time, so its
 * bytes depend on nothing that was sent before and can be shared by all players.
 */
final class ChunkEncoder {
    /** Control messages must use it (§5.4). */
    static final int CONTROL = 2;

    static final int COMMAND = 3;
    static final int AUDIO = 4;
    static final int DATA = 5;
    static final int VIDEO = 6;

    private static final int EXTENDED = 0xFFFFFF;
    private static final int FIRST_HEADER = 12;
    private static final int EXTENDED_BYTES = 4;
    private static final int CONTINUED = 3 << 6;

    private ChunkEncoder() {}

    /**
     * The header of a message.
     *
     * @param chunkStreamId 2 to 63
     * @param timestamp the low 32 bits of milliseconds
     */
    record Header(int chunkStreamId, int type, int timestamp, int messageStreamId) {}

    /** An upper bound of the bytes that headers add to a message of {@code length} bytes. */
    static int overhead(int length, int chunkSize) {
        return FIRST_HEADER + EXTENDED_BYTES + length / chunkSize * (1 + EXTENDED_BYTES);
    }

    /**
     * Appends one message.
     *
     * @param body borrowed; its indices stay as they are
     */
    static void encode(Header header, ByteBuf body, int chunkSize, ByteBuf out) {
        begin(header, body.readableBytes(), out);
        finish(header, 0, body, chunkSize, out);
    }

    /**
     * Appends what follows {@link #begin} in a message.
     *
     * @param begun how many bytes of the message have been appended since, less than a chunk's
     * @param body the others; borrowed, its indices stay as they are
     */
    static void finish(Header header, int begun, ByteBuf body, int chunkSize, ByteBuf out) {
        int length = body.readableBytes();
        int sent = Math.min(length, chunkSize - begun);
        out.writeBytes(body, body.readerIndex(), sent);
        while (sent < length) {
            int next = Math.min(length - sent, chunkSize);
            resume(header, out);
            out.writeBytes(body, body.readerIndex() + sent, next);
            sent += next;
        }
    }

    /** Appends the header of a message of so many bytes. */
    static void begin(Header header, int length, ByteBuf out) {
        boolean extended = isExtended(header.timestamp());
        // Basic header(8) timestamp(24) length(24) type(8), at once: this runs for every packet in every format.
        long field = extended ? EXTENDED : header.timestamp();
        out.writeLong((long) header.chunkStreamId() << 56 | field << 32 | (long) length << 8 | header.type());
        out.writeIntLE(header.messageStreamId());
        if (extended) {
            out.writeInt(header.timestamp());
        }
    }

    /** §5.3.1.3: a chunk of format 3 repeats the extended timestamp. */
    private static void resume(Header header, ByteBuf out) {
        out.writeByte(CONTINUED | header.chunkStreamId());
        if (isExtended(header.timestamp())) {
            out.writeInt(header.timestamp());
        }
    }

    private static boolean isExtended(int timestamp) {
        return Integer.compareUnsigned(timestamp, EXTENDED) >= 0;
    }
}
