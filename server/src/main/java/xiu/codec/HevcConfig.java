package xiu.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import xiu.bytes.MalformedDataException;
import xiu.bytes.RecordBytes;
import xiu.codec.nal.NalConfig;
import xiu.codec.nal.NalSyntax;
import xiu.codec.nal.ParameterSets;
import xiu.codec.video.Chroma;
import xiu.codec.video.ColorDescription;
import xiu.codec.video.HevcSps;
import xiu.codec.video.Rational;
import xiu.codec.video.RecoveryPoint;
import xiu.codec.video.VideoFormat;

/**
 * HEVC's HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §8.3.3.1). The buffers are read-only, on the heap, never
 * released; readers use absolute indices or duplicates.
 *
 * @param general the first 22 bytes, from the version to the NAL length size, as received
 * @param nalLengthSize bytes of the length in front of each NAL unit of a sample: 1, 2 or 4
 * @param arrays parameter sets and SEI by type, in the record's order
 */
public record HevcConfig(ByteBuf general, int nalLengthSize, List<NalArray> arrays) implements VideoConfig, NalConfig {
    private static final int GENERAL_BYTES = 22;
    private static final int LEVEL = 12;
    private static final int CHROMA = 16;
    private static final int BIT_DEPTH = 17;
    private static final int FRAME_RATE = 19;
    private static final int VPS = 32;
    private static final int SPS = 33;
    private static final int PPS = 34;
    private static final int SEI_PREFIX = 39;

    /**
     * The NAL units of one type.
     *
     * @param header array_completeness and nal_unit_type, as received
     * @param units without start codes
     */
    public record NalArray(int header, List<ByteBuf> units) {
        /** nal_unit_type. */
        public int type() {
            return header & 0x3F;
        }
    }

    /**
     * Reads a record.
     *
     * @param record its readable bytes; borrowed
     * @throws MalformedDataException when it is cut short or no HEVC record
     */
    public static HevcConfig parse(ByteBuf record) {
        RecordBytes in = new RecordBytes("HEVC configuration", record);
        in.skip(GENERAL_BYTES - 1);
        int start = record.readerIndex();
        int version = record.getUnsignedByte(start);
        // Encoders of the years before the standard was final wrote 0.
        if (version > 1) {
            throw MalformedDataException.of("HEVC configuration version", version, "0 or 1");
        }
        int layers = in.uint8();
        int nalLengthSize = (layers & 0x3) + 1;
        if (nalLengthSize == 3) {
            throw MalformedDataException.of("HEVC NAL length size", 3, "1, 2 or 4");
        }
        int count = in.uint8();
        List<NalArray> arrays = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            arrays.add(new NalArray(in.uint8(), in.parameterSets(in.uint16())));
        }
        byte[] general = ByteBufUtil.getBytes(record, start, GENERAL_BYTES, true);
        return new HevcConfig(Unpooled.wrappedBuffer(general).asReadOnly(), nalLengthSize, List.copyOf(arrays));
    }

    @Override
    public void write(ByteBuf out) {
        out.writeBytes(general, general.readerIndex(), general.readableBytes());
        out.writeByte(arrays.size());
        for (NalArray array : arrays) {
            out.writeByte(array.header);
            out.writeShort(array.units.size());
            AvcConfig.writeSets(array.units, out);
        }
    }

    /** Video parameter sets. */
    public List<ByteBuf> vps() {
        return units(VPS);
    }

    /** Sequence parameter sets. */
    public List<ByteBuf> sps() {
        return units(SPS);
    }

    /** Picture parameter sets. */
    public List<ByteBuf> pps() {
        return units(PPS);
    }

    /** What holds for the whole stream and stands before a picture: mastering colours and light levels, for instance. */
    public List<ByteBuf> sei() {
        return units(SEI_PREFIX);
    }

    @Override
    public ParameterSets parameterSets() {
        List<ByteBuf> sets = new ArrayList<>(vps());
        sets.addAll(sps());
        sets.addAll(pps());
        return ParameterSets.of(NalSyntax.HEVC, sets);
    }

    @Override
    public boolean isRecoveryPoint(ByteBuf sample) {
        return RecoveryPoint.isAtHevc(sample, nalLengthSize);
    }

    @Override
    public String codecName() {
        return "hevc";
    }

    /** The name of ISO/IEC 14496-15 annex E, such as {@code hvc1.1.6.L93.B0}. */
    @Override
    public String codecString() {
        int start = general.readerIndex();
        int profile = general.getUnsignedByte(start + 1);
        int compatibility = Integer.reverse(general.getInt(start + 2));
        StringBuilder name = new StringBuilder("hvc1.");
        int space = profile >> 6;
        if (space > 0) {
            name.append((char) ('A' + space - 1));
        }
        name.append(profile & 0x1F).append('.');
        name.append(Integer.toHexString(compatibility).toUpperCase(Locale.ROOT));
        name.append((profile & 0x20) == 0 ? ".L" : ".H").append(general.getUnsignedByte(start + LEVEL));
        int constraints = start + 6;
        int last = constraints + 5;
        while (last >= constraints && general.getByte(last) == 0) {
            last--;
        }
        for (int at = constraints; at <= last; at++) {
            name.append('.').append(String.format("%X", general.getUnsignedByte(at)));
        }
        return name.toString();
    }

    /** Of the first parameter set; of the record alone when that comes in band, or cannot be read. */
    @Override
    public VideoFormat format() {
        try {
            List<ByteBuf> sets = sps();
            return sets.isEmpty()
                    ? recordFormat()
                    : HevcSps.parse(sets.getFirst()).format();
        } catch (MalformedDataException unreadable) {
            return recordFormat();
        }
    }

    private VideoFormat recordFormat() {
        int start = general.readerIndex();
        Chroma chroma = Chroma.of(general.getByte(start + CHROMA) & 0x3);
        int bitDepth = 8 + (general.getByte(start + BIT_DEPTH) & 0x7);
        Rational frameRate = Rational.of(general.getUnsignedShort(start + FRAME_RATE), 256);
        return new VideoFormat(0, 0, Rational.UNKNOWN, frameRate, bitDepth, chroma, ColorDescription.UNSPECIFIED);
    }

    /** ITU-T H.265 annex A.3. */
    @Override
    public String profileName() {
        int profile = general.getByte(general.readerIndex() + 1) & 0x1F;
        return switch (profile) {
            case 1 -> "Main";
            case 2 -> "Main 10";
            case 3 -> "Main Still Picture";
            case 4 -> "Rext";
            case 5 -> "High Throughput";
            case 6 -> "Multiview Main";
            case 7 -> "Scalable Main";
            case 9 -> "Screen Content Coding";
            default -> String.valueOf(profile);
        };
    }

    /** general_level_idc is thirty times the level. */
    @Override
    public String levelName() {
        int level = general.getUnsignedByte(general.readerIndex() + LEVEL);
        return level / 30 + "." + level % 30 / 3;
    }

    private List<ByteBuf> units(int type) {
        List<ByteBuf> found = new ArrayList<>();
        for (NalArray array : arrays) {
            if (array.type() == type) {
                found.addAll(array.units);
            }
        }
        return List.copyOf(found);
    }
}
