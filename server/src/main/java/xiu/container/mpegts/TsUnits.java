package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * Payload units in order, not cut into packets yet, because most segments are never asked for. Everything that the
 * packets depend on is decided here, so that they can be cut at any time. Long payload is not copied: the units refer to
 * it, and hold its buffer. In front of each unit stands its record, and behind it the pieces
 * of its payload; neither a record nor a piece is split between two chunks:
 *
 * <pre>
 * program clock (64) | bytes (32) | PID (16) | continuity counter of the first packet (8) | adaptation flags (8)
 * bytes (32), positive | the bytes
 * bytes (32), negated | source (32) | index in the source (32)
 * </pre>
 *
 * A record of no bytes is a packet that carries nothing but the clock. Confined to one thread.
 */
final class TsUnits {
    static final int RECORD = 16;
    /** Shorter payload is copied, which is less work than to refer to it. */
    static final int WORTH_A_REFERENCE = 64;

    /** Large enough that few pieces are split, small enough to have one on the heap for each stream. */
    static final int CHUNK = 8 << 10;

    private final ByteBufAllocator allocator;
    private final TsPieces chunk = new TsPieces(CHUNK);
    private Taken units = new Taken(new ArrayList<>(), new ArrayList<>());
    private long memory;
    private int packets;
    private int left;

    /**
     * Units, and what they refer to.
     *
     * @param chunks records and pieces
     * @param sources each held once
     */
    record Taken(List<ByteBuf> chunks, List<ByteBuf> sources) {
        void release() {
            chunks.forEach(ByteBuf::release);
            chunks.clear();
            sources.forEach(ByteBuf::release);
            sources.clear();
        }
    }

    TsUnits(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Begins a unit; exactly {@code bytes}, at least one, must be written before the next one begins. */
    void begin(TsPid pid, int bytes, TsMark says) {
        if (left != 0) {
            throw new IllegalStateException("payload unit: " + left + " bytes short (expected: all of them)");
        }
        int count = TsPacketCutter.packets(bytes, TsMark.bytes(says.flags()));
        record(says.pcr(), bytes, pid.value(), pid.advance(count), says.flags());
        packets += count;
        left = bytes;
    }

    /** Copies a part of the unit; borrows {@code from}, whose indices do not change. */
    void write(ByteBuf from, int index, int length) {
        int end = index + length;
        for (int next = index; next < end; ) {
            int step = Math.min(end - next, room());
            chunk.copy(from, next, step);
            next += step;
        }
        left -= length;
    }

    /** Copies the first bytes of {@code from} as a part of the unit. */
    void write(byte[] from, int length) {
        write(from, 0, length);
    }

    /** Copies a part of {@code from} as a part of the unit. */
    void write(byte[] from, int index, int length) {
        int end = index + length;
        for (int next = index; next < end; ) {
            int step = Math.min(end - next, room());
            chunk.copy(from, next, step);
            next += step;
        }
        left -= length;
    }

    /** How many bytes can be copied into the chunk, at least one. */
    private int room() {
        if (chunk.roomForBytes() <= 0) {
            close();
        }
        return chunk.roomForBytes();
    }

    /**
     * Adds a part of the unit by reference, if it is long enough.
     *
     * @param from borrowed; held until the units are given back, so its bytes must not change any more
     */
    void refer(ByteBuf from, int index, int length) {
        if (length < WORTH_A_REFERENCE) {
            write(from, index, length);
            return;
        }
        makeRoom(TsPieces.REFERENCE);
        chunk.refer(source(from), index, length);
        left -= length;
    }

    /**
     * Adds pieces that were written elsewhere as a part of the unit, {@code length} bytes in all; not more than a
     * chunk.
     */
    void append(TsPieces pieces, int length) {
        makeRoom(pieces.size());
        chunk.append(pieces);
        left -= length;
    }

    /**
     * The number by which pieces refer to a buffer. Many samples are in one buffer, which is held once for all of them.
     */
    int source(ByteBuf from) {
        List<ByteBuf> sources = units.sources();
        if (sources.isEmpty() || memoryOf(sources.getLast()) != memoryOf(from)) {
            sources.add(from.retain());
            memory += from.capacity();
        }
        return sources.size() - 1;
    }

    /** The buffer that a view is a view of, as long as its indices mean the same there. */
    private static ByteBuf memoryOf(ByteBuf view) {
        ByteBuf memory = view;
        for (ByteBuf under = view.unwrap(); under != null && under.capacity() == memory.capacity(); ) {
            memory = under;
            under = memory.unwrap();
        }
        return memory;
    }

    /** Adds a packet that carries only the clock. */
    void clock(TsPid pid, long pcr, boolean discontinuity) {
        record(pcr, 0, pid.value(), pid.current(), new TsMark(pcr, false, discontinuity).flags());
        packets++;
    }

    private void record(long pcr, int bytes, int pid, int counter, int flags) {
        makeRoom(RECORD);
        chunk.word((int) (pcr >> 32));
        chunk.word((int) pcr);
        chunk.word(bytes);
        chunk.word(pid << 16 | (counter & 0xFF) << 8 | flags);
    }

    private void makeRoom(int bytes) {
        if (chunk.room() < bytes) {
            close();
        }
    }

    /** Moves a full chunk out of the heap, where the garbage collector would copy it for the seconds that it lasts. */
    private void close() {
        if (chunk.size() > 0) {
            ByteBuf full = allocator.directBuffer(chunk.size(), chunk.size());
            chunk.writeTo(full);
            chunk.clear();
            units.chunks().add(full);
            memory += full.capacity();
        }
    }

    /** Memory that the units hold, bytes. */
    long memory() {
        return memory;
    }

    /** How many packets the units will be. */
    int packets() {
        return packets;
    }

    /** Hands the units over to the caller, and has none afterwards. */
    Taken take() {
        close();
        Taken taken = units;
        units = new Taken(new ArrayList<>(), new ArrayList<>());
        clear();
        return taken;
    }

    /** Cuts all units, and drops them. */
    void cut(TsPacketCutter cutter) {
        units.chunks().forEach(full -> cutter.cut(full, units.sources()));
        chunk.cut(cutter, units.sources());
        cutter.flush();
        clear();
    }

    /** Drops all units, complete or not. */
    void clear() {
        units.release();
        chunk.clear();
        memory = 0;
        packets = 0;
        left = 0;
    }
}
