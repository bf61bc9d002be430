package xiu.protocol.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Messages as fuzzers write them: whole ones, each in one chunk. */
public final class FuzzMessages {
    /** Chunk size 65,536, so that every message is one chunk. */
    public static final String ONE_CHUNK = "02000000000004010000000000010000";

    private FuzzMessages() {}

    /** One chunk: type, message stream, time, length and body. */
    public static ByteBuf message(ByteBuf in) {
        int type = in.readUnsignedByte();
        int stream = in.readUnsignedByte();
        int time = in.readUnsignedByte();
        int length = Math.min(in.readUnsignedShort(), in.readableBytes());
        return Unpooled.buffer()
                .writeByte(6)
                .writeMedium(time)
                .writeMedium(length)
                .writeByte(type)
                .writeIntLE(stream)
                .writeBytes(in, length);
    }
}
