package xiu.codec;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;
import xiu.codec.video.Chroma;
import xiu.codec.video.ColorDescription;
import xiu.codec.video.Rational;
import xiu.codec.video.VideoFormat;
import xiu.codec.video.Vp8Header;
import xiu.codec.video.VpxRecord;

/**
 * VP8, which has all that a decoder needs in its key frames; a record is optional.
 *
 * @param record version as the profile, and the size when a key frame was seen
 */
public record Vp8Config(VpxRecord record) implements VideoConfig {
    /**
     * Reads a VPCodecConfigurationRecord.
     *
     * @param record its readable bytes; borrowed
     * @throws MalformedDataException when it is cut short or no such record
     */
    public static Vp8Config parse(ByteBuf record) {
        return new Vp8Config(VpxRecord.parse(record));
    }

    /** Of a key frame. */
    public static Vp8Config of(Vp8Header keyFrame) {
        VideoFormat format = new VideoFormat(
                keyFrame.width(),
                keyFrame.height(),
                Rational.UNKNOWN,
                Rational.UNKNOWN,
                8,
                Chroma.YUV_420,
                ColorDescription.UNSPECIFIED);
        return new Vp8Config(VpxRecord.of(keyFrame.version(), format));
    }

    @Override
    public VideoFormat format() {
        return record.format();
    }

    @Override
    public String codecName() {
        return "vp8";
    }

    @Override
    public String codecString() {
        return record.codecString("vp08");
    }

    @Override
    public String profileName() {
        return "Version " + record.profile();
    }

    /** VP8 has no levels. */
    @Override
    public String levelName() {
        return "";
    }

    @Override
    public void write(ByteBuf out) {
        record.write(out);
    }
}
