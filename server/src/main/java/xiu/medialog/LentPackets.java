package xiu.medialog;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import xiu.medialog.memory.ChunkMemory;

/** Packets that stand among the ready bytes of some wire format: not copied, and there as long as this chunk is. */
final class LentPackets extends PacketChunk {
    private final int cost;
    private boolean adopted;

    /**
     * An empty chunk, whose first packet has this sequence and time, µs.
     *
     * @param lender the ready bytes; held for as long as the chunk lives
     * @param cost what of the bytes that the log may hold this takes
     */
    LentPackets(ByteBuf lender, int cost, PacketIndex index, long base, long firstTime) {
        super(lender.retain(), ChunkMemory.LENT, index, base, firstTime);
        this.cost = cost;
    }

    /** Its lender has gone, and counts its memory no more. */
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
