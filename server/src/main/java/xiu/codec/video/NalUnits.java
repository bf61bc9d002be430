package xiu.codec.video;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;

/**
 * Walks the NAL units of a sample in which each one has its length in front (ISO/IEC 14496-15 §5.3.4.2). A cursor over
 * a borrowed buffer; it reads by absolute index. Units of length 0, which some encoders write, are passed over.
 *
 * <pre>{@code
 * NalUnits units = new NalUnits(sample, config.nalLengthSize());
 * while (units.next()) {
 *     out.writeBytes(sample, units.index(), units.length());
 * }
 * }</pre>
 */
public final class NalUnits {
    private static final int START_CODE = 1;

    private final ByteBuf sample;
    private final int end;
    private final int lengthSize;
    private int index;
    private int length;

    /**
     * The units of the readable bytes.
     *
     * @param sample borrowed; must stay unchanged while walking
     * @param lengthSize bytes of each length field, 1 to 4
     */
    public NalUnits(ByteBuf sample, int lengthSize) {
        if (lengthSize < 1 || lengthSize > 4) {
            throw new IllegalArgumentException("NAL length size: " + lengthSize + " (expected: 1 to 4)");
        }
        this.sample = sample;
        this.end = sample.writerIndex();
        this.lengthSize = lengthSize;
        this.index = sample.readerIndex();
    }

    /**
     * Steps to the next unit; false at the end.
     *
     * @throws MalformedDataException when a length field is cut off or says more than there is
     */
    public boolean next() {
        index += length;
        do {
            if (index == end) {
                length = 0;
                return false;
            }
            if (end - index < lengthSize) {
                throw MalformedDataException.of("NAL length field", end - index + " bytes", lengthSize + " bytes");
            }
            long announced = length(index);
            index += lengthSize;
            if (announced > end - index) {
                throw MalformedDataException.of("NAL unit length", announced, "at most " + (end - index));
            }
            length = (int) announced;
        } while (length == 0);
        return true;
    }

    /** Where the current unit begins in the sample (at its header). */
    public int index() {
        return index;
    }

    /** How many bytes the current unit has; at least 1. */
    public int length() {
        return length;
    }

    /** The current unit's nal_unit_type in H.264 (5: IDR, 7: SPS, 8: PPS, 9: access unit delimiter). */
    public int avcType() {
        return sample.getByte(index) & 0x1F;
    }

    /** The current unit's nal_unit_type in HEVC (16 to 23: IRAP, 32: VPS, 33: SPS, 34: PPS, 35: delimiter). */
    public int hevcType() {
        return sample.getByte(index) >> 1 & 0x3F;
    }

    /** Writes the current unit behind a 4-byte start code. */
    public void writeAnnexB(ByteBuf out) {
        out.writeInt(START_CODE);
        out.writeBytes(sample, index, length);
    }

    /** Writes a unit that stands alone, such as a parameter set, behind a 4-byte start code (H.264 annex B). */
    public static void writeAnnexB(ByteBuf unit, ByteBuf out) {
        out.writeInt(START_CODE);
        out.writeBytes(unit, unit.readerIndex(), unit.readableBytes());
    }

    /**
     * Writes all units of a sample behind 4-byte start codes. The sample is checked first, so nothing is written of a
     * malformed one.
     *
     * @param sample borrowed
     * @throws MalformedDataException when the lengths do not add up
     */
    public static void toAnnexB(ByteBuf sample, int lengthSize, ByteBuf out) {
        NalUnits check = new NalUnits(sample, lengthSize);
        int size = 0;
        while (check.next()) {
            size += 4 + check.length;
        }
        out.ensureWritable(size);
        NalUnits units = new NalUnits(sample, lengthSize);
        while (units.next()) {
            units.writeAnnexB(out);
        }
    }

    private long length(int at) {
        return switch (lengthSize) {
            case 1 -> sample.getUnsignedByte(at);
            case 2 -> sample.getUnsignedShort(at);
            case 3 -> sample.getUnsignedMedium(at);
            default -> sample.getUnsignedInt(at);
        };
    }
}
