package xiu.codec.video;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;
import xiu.bytes.RecordBytes;

/**
 * The VPCodecConfigurationRecord of VP8 and VP9 (VP Codec ISO Media File Format Binding §2.2). It has no size; that
 * stands in every key frame.
 *
 * <pre>
 * version 8 (1) | flags 24 (0) | profile 8 | level 8
 * bit depth 4 | chroma subsampling 3 | full range 1 | primaries 8 | transfer 8 | matrix 8 | size of what follows 16 (0)
 * </pre>
 *
 * @param profile 0 to 3
 * @param level ten times the level; 0 when not given
 * @param chromaSubsampling 0 and 1: 4:2:0, 2: 4:2:2, 3: 4:4:4
 * @param format bit depth and colours, and the size when a key frame was seen
 */
public record VpxRecord(int profile, int level, int chromaSubsampling, VideoFormat format) {
    private static final int VERSION_AND_FLAGS = 1 << 24;
    private static final int COLOCATED_420 = 1;
    private static final ColorDescription BT_709 = new ColorDescription(1, 1, 1, false);

    /**
     * Reads a record, also one without the version and flags: both are sent.
     *
     * @param record its readable bytes; borrowed
     * @throws MalformedDataException when it is cut short or no such record
     */
    public static VpxRecord parse(ByteBuf record) {
        RecordBytes in = new RecordBytes("VP8 or VP9 configuration", record);
        if (in.remaining() >= 4 && record.getInt(record.readerIndex()) == VERSION_AND_FLAGS) {
            in.skip(4);
        }
        int profile = in.uint8();
        int level = in.uint8();
        int samples = in.uint8();
        int bitDepth = samples >> 4;
        int subsampling = samples >> 1 & 7;
        boolean known = bitDepth == 8 || bitDepth == 10 || bitDepth == 12;
        if (profile > 3 || !known || subsampling > 3) {
            throw MalformedDataException.of(
                    "VP8 or VP9 configuration", profile + "." + level + "." + samples, "profile, level, bit depth");
        }
        boolean fullRange = (samples & 1) != 0;
        ColorDescription color = new ColorDescription(in.uint8(), in.uint8(), in.uint8(), fullRange);
        in.skip(2); // codecInitializationDataSize, which is 0 for both
        Chroma chroma = subsampling <= COLOCATED_420 ? Chroma.YUV_420 : Chroma.of(subsampling);
        return new VpxRecord(
                profile,
                level,
                subsampling,
                new VideoFormat(0, 0, Rational.UNKNOWN, Rational.UNKNOWN, bitDepth, chroma, color));
    }

    /** Of pictures whose record is not there. */
    public static VpxRecord of(int profile, VideoFormat format) {
        int subsampling = switch (format.chroma()) {
            case MONOCHROME, YUV_420 -> COLOCATED_420;
            case YUV_422 -> 2;
            case YUV_444 -> 3;
        };
        return new VpxRecord(profile, 0, subsampling, format);
    }

    /** The same with the size that a key frame has. */
    public VpxRecord sized(int width, int height) {
        return new VpxRecord(profile, level, chromaSubsampling, format.sized(width, height));
    }

    /** Writes the record behind version and flags, as its box has them. */
    public void write(ByteBuf out) {
        ColorDescription color = format.color();
        out.writeInt(VERSION_AND_FLAGS).writeByte(profile).writeByte(likelyLevel());
        out.writeByte(format.bitDepth() << 4 | chromaSubsampling << 1 | (color.fullRange() ? 1 : 0));
        out.writeByte(color.primaries()).writeByte(color.transfer()).writeByte(color.matrix());
        out.writeShort(0);
    }

    /** The name of §3, such as {@code vp09.00.31.08}; long when the colours are given and are not those of BT.709. */
    public String codecString(String sampleEntry) {
        ColorDescription color = format.color();
        String name = String.format("%s.%02d.%02d.%02d", sampleEntry, profile, likelyLevel(), format.bitDepth());
        boolean usual = color.equals(BT_709) || color.equals(ColorDescription.UNSPECIFIED);
        if (usual && format.chroma() == Chroma.YUV_420) {
            return name;
        }
        return name
                + String.format(
                        ".%02d.%02d.%02d.%02d.%02d",
                        chromaSubsampling,
                        color.primaries(),
                        color.transfer(),
                        color.matrix(),
                        color.fullRange() ? 1 : 0);
    }

    /** The level's name; empty when it is not given. */
    public String levelName() {
        return level == 0 ? "" : level / 10 + "." + level % 10;
    }

    private int likelyLevel() {
        return level == 0 ? VpxLevel.of(format.width(), format.height()) : level;
    }
}
