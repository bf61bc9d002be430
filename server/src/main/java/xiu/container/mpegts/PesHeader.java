package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;

/**
 * The header in front of an access unit or a group of audio frames (ISO/IEC 13818-1 §2.4.3.6).
 *
 * <pre>
 * 00 00 01 | stream_id | length (16) | 10 00 0 aligned 0 0 | PTS DTS flags … | header length | PTS (5 bytes) | DTS (5 bytes)
 * </pre>
 */
final class PesHeader {
    static final int VIDEO_STREAM = 0xE0;
    static final int AUDIO_STREAM = 0xC0;

    private static final int START_CODE = 1;
    private static final int ALIGNED = 0x84;
    private static final int PTS_ONLY = 0x80;
    private static final int PTS_AND_DTS = 0xC0;
    private static final int STAMP = 5;
    private static final int FIXED = 3;
    private static final int MAX_LENGTH = 0xFFFF;

    private PesHeader() {}

    /**
     * Writes the header.
     *
     * @param payload bytes that follow; video too long for the field is announced as unbounded
     * @param pts ticks, not wrapped
     * @param dts ticks, not wrapped; written only when it differs
     */
    static void write(int streamId, int payload, long pts, long dts, ByteBuf out) {
        boolean both = pts != dts;
        int stamps = both ? 2 * STAMP : STAMP;
        int length = FIXED + stamps + payload;
        out.writeMedium(START_CODE).writeByte(streamId);
        out.writeShort(length > MAX_LENGTH ? 0 : length);
        out.writeByte(ALIGNED).writeByte(both ? PTS_AND_DTS : PTS_ONLY).writeByte(stamps);
        stamp(both ? 3 : 2, pts, out);
        if (both) {
            stamp(1, dts, out);
        }
    }

    /** 33 bits in three pieces, each followed by a marker bit. */
    private static void stamp(int prefix, long ticks, ByteBuf out) {
        long t = ticks & TsTime.MASK;
        out.writeByte(prefix << 4 | (int) (t >> 30) << 1 | 1);
        out.writeShort((int) (t >> 15 & 0x7FFF) << 1 | 1);
        out.writeShort((int) (t & 0x7FFF) << 1 | 1);
    }
}
