package xiu.codec;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;
import xiu.codec.video.VideoFormat;
import xiu.codec.video.Vp9Header;
import xiu.codec.video.VpxRecord;

/**
 * VP9, by its record and its key frames.
 *
 * @param record profile, level and colours, and the size when a key frame was seen
 */
public record Vp9Config(VpxRecord record) implements VideoConfig {
    /**
     * Reads a VPCodecConfigurationRecord.
     *
     * @param record its readable bytes; borrowed
     * @throws MalformedDataException when it is cut short or no such record
     */
    public static Vp9Config parse(ByteBuf record) {
        return new Vp9Config(VpxRecord.parse(record));
    }

    /** Of a key frame, for sources that carry no record. */
    public static Vp9Config of(Vp9Header keyFrame) {
        return new Vp9Config(VpxRecord.of(keyFrame.profile(), keyFrame.format()));
    }

    /** The same in the size that a key frame has. */
    public Vp9Config sized(Vp9Header keyFrame) {
        return new Vp9Config(
                record.sized(keyFrame.format().width(), keyFrame.format().height()));
    }

    @Override
    public VideoFormat format() {
        return record.format();
    }

    @Override
    public String codecName() {
        return "vp9";
    }

    @Override
    public String codecString() {
        return record.codecString("vp09");
    }

    @Override
    public String profileName() {
        return "Profile " + record.profile();
    }

    @Override
    public String levelName() {
        return record.levelName();
    }

    @Override
    public void write(ByteBuf out) {
        record.write(out);
    }
}
