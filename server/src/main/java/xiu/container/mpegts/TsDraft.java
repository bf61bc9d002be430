package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A finished segment of a transport stream that is not cut into packets yet. Everything in it is decided, also its
 * size; {@link #cut} makes the bytes when they are needed. Holds the buffers that its samples are in. One thread at a
 * time.
 */
public final class TsDraft {
    static final int TABLES = 2;

    private final ByteBufAllocator allocator;
    private final TsUnits.Taken units;
    private final Tables tables;
    private final int size;
    private final long memory;

    /**
     * The tables at its beginning.
     *
     * @param pat continuity counter of the PAT
     * @param pmt continuity counter of the PMT
     * @param version of the PMT
     */
    record Tables(int pat, int pmt, int version, PsiTables.Program program) {}

    /** Takes over the units. */
    TsDraft(ByteBufAllocator allocator, TsUnits units, Tables tables) {
        this.allocator = allocator;
        this.tables = tables;
        this.size = size(units);
        this.memory = units.memory();
        this.units = units.take();
    }

    /** How many bytes a segment of these units would have. */
    static int size(TsUnits units) {
        return (TABLES + units.packets()) * TsPacketCutter.PACKET;
    }

    /** How many bytes the segment has. */
    public int size() {
        return size;
    }

    /** Memory that it holds, bytes: the buffers that its samples are in, with everything else in them. */
    public long memory() {
        return memory;
    }

    /**
     * The segment, in one direct buffer of exactly its size, which the caller releases. The draft must not be used
     * afterwards.
     */
    public ByteBuf cut() {
        ByteBuf whole = allocator.directBuffer(size, size);
        PsiTables.pat(whole, 0, tables.pat());
        PsiTables.pmt(whole, TsPacketCutter.PACKET, tables.pmt(), tables.version(), tables.program());
        whole.writerIndex(TABLES * TsPacketCutter.PACKET);
        TsPacketCutter cutter = new TsPacketCutter().to(whole);
        units.chunks().forEach(chunk -> cutter.cut(chunk, units.sources()));
        cutter.flush();
        release();
        return whole;
    }

    /** Releases the memory. The draft must not be used afterwards. */
    public void release() {
        units.release();
    }
}
