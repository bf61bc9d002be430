package xiu.codec.nal;

import io.netty.buffer.ByteBuf;
import xiu.codec.video.NalUnits;

/** What the types of NAL units mean in H.264 (table 7-1) and in HEVC (H.265 table 7-1). */
public enum NalSyntax {
    /** H.264: a header of one byte. */
    AVC,
    /** H.265: a header of two bytes. */
    HEVC;

    /** nal_unit_type of the unit at a walk's place. */
    public int type(NalUnits units) {
        return this == HEVC ? units.hevcType() : units.avcType();
    }

    /** nal_unit_type of the unit that begins at this index. */
    public int type(ByteBuf bytes, int index) {
        return this == HEVC ? bytes.getByte(index) >> 1 & 0x3F : bytes.getByte(index) & 0x1F;
    }

    /** A part of a coded picture. */
    public boolean isPicture(int type) {
        return this == HEVC ? type < 32 : type >= 1 && type <= 5;
    }

    /** An access unit delimiter. */
    public boolean isDelimiter(int type) {
        return type == (this == HEVC ? 35 : 9);
    }

    /** Supplemental enhancement information that stands in front of the picture it is about. */
    public boolean isSei(int type) {
        return type == (this == HEVC ? 39 : 6);
    }

    /** A video, sequence or picture parameter set. */
    public boolean isParameterSet(int type) {
        return this == HEVC ? type >= 32 && type <= 34 : type == 7 || type == 8;
    }

    /** A sequence parameter set. */
    boolean isSequenceSet(int type) {
        return type == (this == HEVC ? 33 : 7);
    }

    /** A picture parameter set. */
    boolean isPictureSet(int type) {
        return type == (this == HEVC ? 34 : 8);
    }

    /** How long the header of a unit is. */
    int headerBits() {
        return this == HEVC ? 16 : 8;
    }
}
