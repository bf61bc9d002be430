package xiu.medialog;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import xiu.medialog.memory.ChunkMemory;

/** Packets in memory of the packet log itself. */
final class CopiedPackets extends PacketChunk {
    /** An empty chunk, whose first packet has this sequence and time, µs. */
    CopiedPackets(ByteBuf buffer, ChunkMemory memory, PacketIndex index, long base, long firstTime) {
        super(buffer, memory, index, base, firstTime);
    }

    @Override
    int cost() {
        return capacity();
    }

    @Override
    boolean hasRoomFor(int bytes, @Nullable ByteBuf lent) {
        return room() >= bytes;
    }

    @Override
    int place(ByteBuf bytes, int at) {
        int start = buffer().writerIndex();
        buffer().writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        return start;
    }
}
