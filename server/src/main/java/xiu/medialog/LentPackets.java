package xiu.medialog;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import xiu.medialog.memory.ChunkMemory;

/**
 * Packets whose bytes are among the ready bytes of some wire format. They are not copied; the chunk holds that memory.
 */
final class LentPackets extends PacketChunk {
    private final int cost;
    private boolean adopted;

    /**
     * An empty chunk, whose first packet has this sequence and time, µs.
     *
     * @param lender the ready bytes; held for as long as the chunk lives
     * @param cost how many of the log's bytes it counts for
     */
    LentPackets(ByteBuf lender, int cost, PacketIndex index, long base, long firstTime) {
        super(lender.retain(), ChunkMemory.LENT, index, base, firstTime);
        this.cost = cost;
    }

    /** The log of ready bytes is gone, and does not count the memory any more. */
    void adopt() {
        adopted = true;
    }

    boolean isAdopted() {
        return adopted;
    }

    @Override
    int cost() {
        return cost;
    }

    @Override
    boolean hasRoomFor(int bytes, @Nullable ByteBuf lent) {
        return buffer() == lent;
    }

    @Override
    int place(ByteBuf bytes, int at) {
        return at;
    }
}
