package xiu.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import xiu.bytes.MalformedDataException;
import xiu.bytes.RecordBytes;

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
        implements CodecConfig {

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

    /** Writes the record. */
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
    public String codecName() {
        return "h264";
    }

    /** The name of RFC 6381, such as {@code avc1.64001F}. */
    public String codecString() {
        return String.format("avc1.%02X%02X%02X", profile, compatibility, level);
    }

    static void writeSets(List<ByteBuf> sets, ByteBuf out) {
        for (ByteBuf set : sets) {
            out.writeShort(set.readableBytes());
            out.writeBytes(set, set.readerIndex(), set.readableBytes());
        }
    }
}
