package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/** A growing run of transport packets in chunks of equal size, so that growing never copies. Owned by one thread. */
final class TsBuffer {
    private static final int PACKETS_PER_CHUNK = 174;

    private final ByteBufAllocator allocator;
    private final List<ByteBuf> chunks = new ArrayList<>();
    private int packets;

    TsBuffer(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Where the next packet's 188 bytes go; the caller writes exactly these. Borrowed. */
    ByteBuf nextPacket() {
        if (packets % PACKETS_PER_CHUNK == 0) {
            chunks.add(allocator.directBuffer(PACKETS_PER_CHUNK * TsPacketWriter.PACKET));
        }
        packets++;
        return chunks.getLast();
    }

    /** How many bytes there are. */
    int size() {
        return packets * TsPacketWriter.PACKET;
    }

    /** The chunk that begins with the first packet; borrowed. */
    ByteBuf first() {
        return chunks.getFirst();
    }

    /** All packets in one buffer of exactly their size, which is the caller's; this run is empty afterwards. */
    ByteBuf take() {
        int size = size();
        ByteBuf whole = allocator.directBuffer(size, size);
        for (ByteBuf chunk : chunks) {
            whole.writeBytes(chunk, chunk.readerIndex(), chunk.readableBytes());
        }
        clear();
        return whole;
    }

    /** Forgets all packets. */
    void clear() {
        chunks.forEach(ByteBuf::release);
        chunks.clear();
        packets = 0;
    }
}
