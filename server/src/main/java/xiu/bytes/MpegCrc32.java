package xiu.bytes;

import io.netty.buffer.ByteBuf;

/** CRC-32/MPEG-2, which ends every PSI section (ISO/IEC 13818-1 annex A): not reflected, not inverted at the end. */
public final class MpegCrc32 {
    private static final int POLYNOMIAL = 0x04C11DB7;
    private static final int[] TABLE = table();

    private MpegCrc32() {}

    /**
     * The checksum of a range of bytes; 0 over a section that ends with its right checksum.
     *
     * @param bytes borrowed
     */
    public static int of(ByteBuf bytes, int index, int length) {
        int crc = -1;
        for (int at = index; at < index + length; at++) {
            crc = crc << 8 ^ TABLE[(crc >>> 24 ^ bytes.getByte(at)) & 0xFF];
        }
        return crc;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc << 1 ^ (crc < 0 ? POLYNOMIAL : 0);
            }
            table[i] = crc;
        }
        return table;
    }
}
