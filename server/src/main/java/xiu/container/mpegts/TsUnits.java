package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Payload units one behind the other, not cut into packets yet: cutting is work, and most segments are never asked
 * for. What the cut depends on is settled here, so that it can be done at any time. In front
 * of each unit stands its record, never split between two chunks:
 *
 * <pre>
 * program clock (64) | bytes (32) | PID (16) | continuity counter of the first packet (8) | adaptation flags (8)
 * </pre>
 *
 * A record of no bytes is a packet that carries nothing but the clock. Confined to one thread.
 */
final class TsUnits {
    static final int RECORD = 16;
    /** Large enough that few units are split, small enough that the last one wastes little. */
    static final int CHUNK = 16 << 10;

    private final ByteBufAllocator allocator;
    private List<ByteBuf> chunks = new ArrayList<>();
    private ByteBuf last = Unpooled.EMPTY_BUFFER;
    private int packets;
    private int left;

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

    /** Writes a part of the unit; borrows {@code from}, which keeps its indices. */
    void write(ByteBuf from, int index, int length) {
        int at = index;
        int todo = length;
        left -= length;
        while (todo > 0) {
            ByteBuf to = chunk(1);
            int step = Math.min(todo, to.writableBytes());
            to.writeBytes(from, at, step);
            at += step;
            todo -= step;
        }
    }

    /** A packet that carries nothing but the clock. */
    void clock(TsPid pid, long pcr, boolean discontinuity) {
        record(pcr, 0, pid.value(), pid.current(), new TsMark(pcr, false, discontinuity).flags());
        packets++;
    }

    private void record(long pcr, int bytes, int pid, int counter, int flags) {
        chunk(RECORD)
                .writeLong(pcr)
                .writeInt(bytes)
                .writeShort(pid)
                .writeByte(counter)
                .writeByte(flags);
    }

    private ByteBuf chunk(int room) {
        if (last.writableBytes() < room) {
            last = allocator.directBuffer(CHUNK, CHUNK);
            chunks.add(last);
        }
        return last;
    }

    /** How many packets they will be. */
    int packets() {
        return packets;
    }

    /** The chunks, which are the caller's; there are no units afterwards. */
    List<ByteBuf> take() {
        List<ByteBuf> taken = chunks;
        chunks = new ArrayList<>();
        clear();
        return taken;
    }

    /** Forgets all units, finished or not. */
    void clear() {
        chunks.forEach(ByteBuf::release);
        chunks.clear();
        last = Unpooled.EMPTY_BUFFER;
        packets = 0;
        left = 0;
    }
}
