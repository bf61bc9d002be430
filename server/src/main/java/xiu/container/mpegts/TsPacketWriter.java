package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Cuts payload units of known length into packets of 188 bytes (ISO/IEC 13818-1 §2.4.3.2).
 *
 * <pre>
 * sync 0x47 | error, start, priority, PID (13) | scrambling (2), adaptation, payload, counter (4) | adaptation field | payload
 * </pre>
 *
 * The adaptation field stands in a unit's first packet when it has flags or a clock to carry, and in its last one to
 * fill the packet up.
 */
final class TsPacketWriter {
    static final int PACKET = 188;
    /** A unit that carries no program clock. */
    static final long NO_PCR = -1;

    private static final int HEADER = 4;
    private static final int ROOM = PACKET - HEADER;
    private static final int SYNC = 0x47;
    private static final int UNIT_START = 0x4000;
    private static final int HAS_PAYLOAD = 0x10;
    private static final int HAS_ADAPTATION = 0x20;
    private static final int DISCONTINUITY = 0x80;
    private static final int RANDOM_ACCESS = 0x40;
    private static final int HAS_PCR = 0x10;

    private final TsBuffer out;
    private TsPid pid = new TsPid(TsPid.PAT);
    private Mark mark = Mark.NONE;
    private ByteBuf packet;
    private int left;
    private int room;
    private boolean first;

    /**
     * What the first packet of a unit says besides the payload.
     *
     * @param pcr the program clock in ticks of 90 kHz, already wrapped, or {@link #NO_PCR}
     * @param randomAccess a decoder can begin with this unit
     * @param discontinuity the program clock does not continue the last one
     */
    record Mark(long pcr, boolean randomAccess, boolean discontinuity) {
        static final Mark NONE = new Mark(NO_PCR, false, false);

        int flags() {
            return (discontinuity ? DISCONTINUITY : 0) | (randomAccess ? RANDOM_ACCESS : 0) | (pcr >= 0 ? HAS_PCR : 0);
        }

        /** Length byte, flags and clock, or nothing. */
        int bytes() {
            return flags() == 0 ? 0 : pcr >= 0 ? 8 : 2;
        }
    }

    TsPacketWriter(TsBuffer out) {
        this.out = out;
        this.packet = Unpooled.EMPTY_BUFFER;
    }

    /** Begins a unit; exactly {@code bytes} must be written before the next one begins. */
    void begin(TsPid of, int bytes, Mark says) {
        if (left != 0) {
            throw new IllegalStateException("payload unit: " + left + " bytes short (expected: all of them)");
        }
        pid = of;
        mark = says;
        left = bytes;
        room = 0;
        first = true;
    }

    /** Writes a part of the unit; borrows {@code from}, which keeps its indices. */
    void write(ByteBuf from, int index, int length) {
        int at = index;
        int todo = length;
        while (todo > 0) {
            if (room == 0) {
                open();
            }
            int step = Math.min(todo, room);
            packet.writeBytes(from, at, step);
            at += step;
            todo -= step;
            room -= step;
            left -= step;
        }
    }

    /** A packet that carries nothing but the clock. */
    void clock(TsPid of, long pcr, boolean discontinuity) {
        ByteBuf to = out.nextPacket();
        to.writeByte(SYNC).writeShort(of.value()).writeByte(HAS_ADAPTATION | of.current());
        adaptation(to, new Mark(pcr, false, discontinuity), ROOM);
    }

    private void open() {
        packet = out.nextPacket();
        Mark says = first ? mark : Mark.NONE;
        int field = Math.max(says.bytes(), ROOM - left);
        packet.writeByte(SYNC).writeShort((first ? UNIT_START : 0) | pid.value());
        packet.writeByte((field > 0 ? HAS_ADAPTATION : 0) | HAS_PAYLOAD | pid.advance());
        if (field > 0) {
            adaptation(packet, says, field);
        }
        room = ROOM - Math.max(field, 0);
        first = false;
    }

    /** §2.4.3.4; {@code bytes} counts the length byte. One byte alone is a field of length 0. */
    private static void adaptation(ByteBuf to, Mark says, int bytes) {
        int end = to.writerIndex() + bytes;
        to.writeByte(bytes - 1);
        if (bytes > 1) {
            to.writeByte(says.flags());
            if (says.pcr() >= 0) {
                to.writeInt((int) (says.pcr() >> 1)).writeShort((int) (says.pcr() & 1) << 15 | 0x7E00);
            }
            while (to.writerIndex() < end) {
                to.writeByte(0xFF);
            }
        }
    }
}
