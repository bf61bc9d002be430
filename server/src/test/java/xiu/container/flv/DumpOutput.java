package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.zip.CRC32;
import xiu.codec.AudioConfig;
import xiu.codec.CodecConfig;
import xiu.codec.ColorConfig;
import xiu.codec.OpaqueConfig;
import xiu.codec.VideoConfig;
import xiu.codec.video.VideoFormat;
import xiu.media.MediaPacket;
import xiu.media.PacketOutput;
import xiu.media.Track;

/** Writes what a demuxer finds as text, a line for each track and packet. */
final class DumpOutput implements PacketOutput {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void configure(Track track) {
        text.append("track %d %s %s header %d %08x%n"
                .formatted(
                        track.id(),
                        track.kind(),
                        describe(track.config()),
                        track.flvHeader().readableBytes(),
                        hash(track.flvHeader())));
    }

    @Override
    public void write(MediaPacket packet) {
        text.append("packet %d dts %d pts %d%s body %d %08x sample %d%n"
                .formatted(
                        packet.track().id(),
                        packet.dts(),
                        packet.pts(),
                        packet.keyFrame() ? " key" : "",
                        packet.bytes().readableBytes(),
                        hash(packet.bytes()),
                        packet.sample().readableBytes()));
        packet.release();
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String describe(CodecConfig config) {
        return switch (config) {
            case VideoConfig video -> {
                VideoFormat format = video.format();
                yield "%s %s %dx%d".formatted(video.codecName(), video.codecString(), format.width(), format.height());
            }
            case AudioConfig audio ->
                "%s %s %d/%d"
                        .formatted(
                                audio.codecName(),
                                audio.codecString(),
                                audio.outputSampleRate(),
                                audio.outputChannels());
            case ColorConfig color -> "colours " + color.color().range();
            case OpaqueConfig other -> other.codecName();
        };
    }

    private static long hash(ByteBuf bytes) {
        CRC32 crc = new CRC32();
        crc.update(ByteBufUtil.getBytes(bytes));
        return crc.getValue();
    }
}
