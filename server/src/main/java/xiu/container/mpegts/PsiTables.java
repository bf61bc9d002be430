package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import xiu.bytes.MpegCrc32;

/**
 * The two tables in front of every segment: which programs there are (PAT, ISO/IEC 13818-1 §2.4.4.3) and what the only
 * one consists of (PMT, §2.4.4.8). Each fits one packet.
 *
 * <pre>
 * table_id (8) | 1 0 11 section_length (12) | id (16) | 11 version (5) current (1) | section 0 | last section 0 | … | CRC (32)
 * </pre>
 */
final class PsiTables {
    private static final int SYNC = 0x47;
    private static final int UNIT_START = 0x4000;
    private static final int HAS_PAYLOAD = 0x10;
    private static final int TRANSPORT_STREAM = 1;
    private static final int PROGRAM = 1;
    private static final int PMT_TABLE = 2;
    private static final int REGISTRATION = 5;

    private PsiTables() {}

    /**
     * What the program consists of.
     *
     * @param video null: no video
     * @param audio null: no audio
     * @param pcrPid which PID carries the program clock
     */
    record Program(@Nullable StreamType video, @Nullable StreamType audio, int pcrPid) {
        /**
         * Compares field by field: a record's own equals is linked at run time and is slow while it is called rarely.
         */
        boolean isSame(@Nullable Program other) {
            return other != null && video == other.video && audio == other.audio && pcrPid == other.pcrPid;
        }
    }

    /** Overwrites the 188 bytes at {@code index} with the PAT. */
    static void pat(ByteBuf at, int index, int counter) {
        ByteBuf out = packet(at, index, TsPid.PAT, counter);
        out.writeByte(0).writeShort(0).writeShort(TRANSPORT_STREAM);
        out.writeByte(0xC1).writeShort(0);
        out.writeShort(PROGRAM).writeShort(0xE000 | TsPid.PMT);
        close(out);
    }

    /** Overwrites the 188 bytes at {@code index} with the PMT. */
    static void pmt(ByteBuf at, int index, int counter, int version, Program program) {
        ByteBuf out = packet(at, index, TsPid.PMT, counter);
        out.writeByte(PMT_TABLE).writeShort(0).writeShort(PROGRAM);
        out.writeByte(0xC1 | version << 1).writeShort(0);
        out.writeShort(0xE000 | program.pcrPid()).writeShort(0xF000);
        stream(out, program.video(), TsPid.VIDEO);
        stream(out, program.audio(), TsPid.AUDIO);
        close(out);
    }

    private static void stream(ByteBuf out, @Nullable StreamType type, int pid) {
        if (type == null) {
            return;
        }
        out.writeByte(type.code()).writeShort(0xE000 | pid);
        if (type == StreamType.HEVC) {
            out.writeShort(0xF006).writeByte(REGISTRATION).writeByte(4);
            out.writeByte('H').writeByte('E').writeByte('V').writeByte('C');
        } else {
            out.writeShort(0xF000);
        }
    }

    /**
     * Writes the packet's header and the pointer to the section, which follows at once; the returned view ends with the
     * packet.
     */
    private static ByteBuf packet(ByteBuf at, int index, int pid, int counter) {
        ByteBuf out = at.slice(index, TsPacketCutter.PACKET).clear();
        return out.writeByte(SYNC)
                .writeShort(UNIT_START | pid)
                .writeByte(HAS_PAYLOAD | counter)
                .writeByte(0);
    }

    /** Sets the section's length, adds its checksum and fills the packet. */
    private static void close(ByteBuf out) {
        int section = 5;
        int afterLength = out.writerIndex() - (section + 3) + 4;
        out.setShort(section + 1, 0xB000 | afterLength);
        out.writeInt(MpegCrc32.of(out, section, out.writerIndex() - section));
        while (out.isWritable()) {
            out.writeByte(0xFF);
        }
    }
}
