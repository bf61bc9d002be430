package xiu.codec;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;
import xiu.bytes.RecordBytes;
import xiu.codec.video.Av1SequenceHeader;
import xiu.codec.video.Chroma;
import xiu.codec.video.ColorDescription;
import xiu.codec.video.Rational;
import xiu.codec.video.VideoFormat;

/**
 * AV1's AV1CodecConfigurationRecord (AV1 Codec ISO Media File Format Binding §2.3).
 *
 * <pre>
 * marker 1 | version 7 | profile 3 | level 5
 * tier 1 | high_bitdepth 1 | twelve_bit 1 | monochrome 1 | subsampling x 1, y 1 | chroma_sample_position 2
 * 0 3 | initial_presentation_delay_present 1 | its value 4 | units, the sequence header first
 * </pre>
 *
 * @param profile seq_profile: 0 Main, 1 High, 2 Professional
 * @param level seq_level_idx of the first operating point
 * @param samples tier, bit depth and colour samples: the record's third byte
 * @param delay the record's fourth byte
 * @param units the sequence header and metadata, as received; may be empty. Read-only, on the heap, never released
 */
public record Av1Config(int profile, int level, int samples, int delay, ByteBuf units) implements VideoConfig {
    private static final int MARKER_AND_VERSION = 0x81;
    private static final int HIGHEST_LEVEL = 31;

    /**
     * Reads a record.
     *
     * @param record its readable bytes; borrowed
     * @throws MalformedDataException when it is cut short or no AV1 record
     */
    public static Av1Config parse(ByteBuf record) {
        RecordBytes in = new RecordBytes("AV1 configuration", record);
        int version = in.uint8();
        if (version != MARKER_AND_VERSION) {
            throw MalformedDataException.of("AV1 configuration version", version & 0x7F, "1, behind a marker");
        }
        int profile = in.uint8();
        return new Av1Config(profile >> 5, profile & 0x1F, in.uint8(), in.uint8(), in.rest());
    }

    @Override
    public void write(ByteBuf out) {
        out.writeByte(MARKER_AND_VERSION)
                .writeByte(profile << 5 | level)
                .writeByte(samples)
                .writeByte(delay);
        out.writeBytes(units, units.readerIndex(), units.readableBytes());
    }

    /** Whether the stream is of the High tier. */
    public boolean highTier() {
        return (samples & 0x80) != 0;
    }

    /** Of the sequence header; of the record alone when that is not in it. */
    @Override
    public VideoFormat format() {
        try {
            return Av1SequenceHeader.find(units).format();
        } catch (MalformedDataException notThere) {
            return recordFormat();
        }
    }

    private VideoFormat recordFormat() {
        int bitDepth = (samples & 0x40) == 0 ? 8 : (samples & 0x20) == 0 ? 10 : 12;
        boolean halvedAcross = (samples & 0x08) != 0;
        boolean halvedDown = (samples & 0x04) != 0;
        Chroma chroma = (samples & 0x10) != 0
                ? Chroma.MONOCHROME
                : halvedDown ? Chroma.YUV_420 : halvedAcross ? Chroma.YUV_422 : Chroma.YUV_444;
        ColorDescription color = ColorDescription.UNSPECIFIED;
        return new VideoFormat(0, 0, Rational.UNKNOWN, Rational.UNKNOWN, bitDepth, chroma, color);
    }

    @Override
    public String codecName() {
        return "av1";
    }

    /** The name of the binding's section 5, such as {@code av01.0.04M.08}; long when the colours are given or unusual. */
    @Override
    public String codecString() {
        VideoFormat format = format();
        ColorDescription color = format.color();
        String name = String.format("av01.%d.%02d%s.%02d", profile, level, highTier() ? "H" : "M", format.bitDepth());
        if (color.unspecified() && !color.fullRange() && format.chroma() == Chroma.YUV_420) {
            return name;
        }
        return name
                + String.format(
                        ".%d.%d%d%d.%02d.%02d.%02d.%d",
                        samples >> 4 & 1,
                        samples >> 3 & 1,
                        samples >> 2 & 1,
                        samples & 3,
                        color.primaries(),
                        color.transfer(),
                        color.matrix(),
                        color.fullRange() ? 1 : 0);
    }

    @Override
    public String profileName() {
        return switch (profile) {
            case 0 -> "Main";
            case 1 -> "High";
            case 2 -> "Professional";
            default -> String.valueOf(profile);
        };
    }

    /** Levels are numbered in fours from 2.0; the last number means that there is no limit. */
    @Override
    public String levelName() {
        return level == HIGHEST_LEVEL ? "" : 2 + (level >> 2) + "." + (level & 3);
    }
}
