package xiu.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import xiu.bytes.MalformedDataException;
import xiu.bytes.RecordBytes;
import xiu.codec.nal.NalConfig;
import xiu.codec.nal.NalSyntax;
import xiu.codec.nal.ParameterSets;
import xiu.codec.video.AvcSps;
import xiu.codec.video.RecoveryPoint;
import xiu.codec.video.VideoFormat;

/**
 * H.264's AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1). The buffers are read-only, on the heap, never
 * released; readers use absolute indices or duplicates.
 *
 * @param profile profile_idc
 * @param compatibility the constraint flags
 * @param level level_idc, ten times the level
 * @param nalLengthSize bytes of the length in front of each NAL unit of a sample: 1, 2 or 4
 * @param sps sequence parameter sets, without start codes; may be empty when they come in band
 * @param pps picture parameter sets, without start codes
 * @param extension what follows in the record (chroma format, bit depths, SPS extensions), as received
 */
public record AvcConfig(
        int profile,
        int compatibility,
        int level,
        int nalLengthSize,
        List<ByteBuf> sps,
        List<ByteBuf> pps,
        ByteBuf extension)
        implements VideoConfig, NalConfig {
    private static final int BASELINE = 66;
    private static final int MAIN = 77;
    private static final int EXTENDED = 88;
    private static final int CONSTRAINT_SET_1 = 0x40;
    private static final int CONSTRAINT_SET_3 = 0x10;

    /**
     * Reads a record.
     *
     * @param record its readable bytes; borrowed
     * @throws MalformedDataException when it is cut short or no AVC record
     */
    public static AvcConfig parse(ByteBuf record) {
        RecordBytes in = new RecordBytes("AVC configuration", record);
        int version = in.uint8();
        if (version != 1) {
            throw MalformedDataException.of("AVC configuration version", version, "1");
        }
        int profile = in.uint8();
        int compatibility = in.uint8();
        int level = in.uint8();
        int nalLengthSize = (in.uint8() & 0x3) + 1;
        if (nalLengthSize == 3) {
            throw MalformedDataException.of("AVC NAL length size", 3, "1, 2 or 4");
        }
        List<ByteBuf> sps = in.parameterSets(in.uint8() & 0x1F);
        List<ByteBuf> pps = in.parameterSets(in.uint8());
        return new AvcConfig(profile, compatibility, level, nalLengthSize, sps, pps, in.rest());
    }

    /** Of bare parameter sets, for sources that carry no record; lengths of 4 bytes. */
    public static AvcConfig of(ByteBuf sps, ByteBuf pps) {
        int at = sps.readerIndex();
        if (sps.readableBytes() < 4) {
            throw MalformedDataException.of("SPS", sps.readableBytes() + " bytes", "at least 4");
        }
        return new AvcConfig(
                sps.getUnsignedByte(at + 1),
                sps.getUnsignedByte(at + 2),
                sps.getUnsignedByte(at + 3),
                4,
                List.of(new RecordBytes("SPS", sps).rest()),
                List.of(new RecordBytes("PPS", pps).rest()),
                Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void write(ByteBuf out) {
        out.writeByte(1).writeByte(profile).writeByte(compatibility).writeByte(level);
        out.writeByte(0xFC | nalLengthSize - 1);
        out.writeByte(0xE0 | sps.size());
        writeSets(sps, out);
        out.writeByte(pps.size());
        writeSets(pps, out);
        out.writeBytes(extension, extension.readerIndex(), extension.readableBytes());
    }

    @Override
    public ParameterSets parameterSets() {
        List<ByteBuf> sets = new ArrayList<>(sps);
        sets.addAll(pps);
        return ParameterSets.of(NalSyntax.AVC, sets);
    }

    @Override
    public boolean isRecoveryPoint(ByteBuf sample) {
        return RecoveryPoint.isAtAvc(sample, nalLengthSize);
    }

    @Override
    public String codecName() {
        return "h264";
    }

    @Override
    public String codecString() {
        return String.format("avc1.%02X%02X%02X", profile, compatibility, level);
    }

    /** Of the first parameter set; unknown when that comes in band, or cannot be read. */
    @Override
    public VideoFormat format() {
        try {
            return sps.isEmpty()
                    ? VideoFormat.UNKNOWN
                    : AvcSps.parse(sps.getFirst()).format();
        } catch (MalformedDataException unreadable) {
            return VideoFormat.UNKNOWN;
        }
    }

    /** H.264 annex A.2. */
    @Override
    public String profileName() {
        boolean intra = (compatibility & CONSTRAINT_SET_3) != 0;
        return switch (profile) {
            case 44 -> "CAVLC 4:4:4";
            case BASELINE -> (compatibility & CONSTRAINT_SET_1) != 0 ? "Constrained Baseline" : "Baseline";
            case MAIN -> "Main";
            case EXTENDED -> "Extended";
            case 100 -> "High";
            case 110 -> intra ? "High 10 Intra" : "High 10";
            case 122 -> intra ? "High 4:2:2 Intra" : "High 4:2:2";
            case 244 -> intra ? "High 4:4:4 Intra" : "High 4:4:4 Predictive";
            default -> String.valueOf(profile);
        };
    }

    /** H.264 annex A.3; level 1b has a number of its own only since the High profiles. */
    @Override
    public String levelName() {
        boolean old = profile == BASELINE || profile == MAIN || profile == EXTENDED;
        if (level == 9 || level == 11 && old && (compatibility & CONSTRAINT_SET_3) != 0) {
            return "1b";
        }
        return level / 10 + "." + level % 10;
    }

    static void writeSets(List<ByteBuf> sets, ByteBuf out) {
        for (ByteBuf set : sets) {
            out.writeShort(set.readableBytes());
            out.writeBytes(set, set.readerIndex(), set.readableBytes());
        }
    }
}
